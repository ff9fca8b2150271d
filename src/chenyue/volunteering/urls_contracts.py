"""Doors of suppliers, contracts, bookings and settlements: staff, everybody, and suppliers."""

from django.urls import path

from chenyue.volunteering.views import contracts_bookings as bookings
from chenyue.volunteering.views import contracts_buying as buying
from chenyue.volunteering.views import contracts_counter as counter
from chenyue.volunteering.views import contracts_money as money
from chenyue.volunteering.views import contracts_public as public
from chenyue.volunteering.views import contracts_slots as slots
from chenyue.volunteering.views import contracts_suppliers as suppliers

DESK = "desk/volunteering/"
ONE = DESK + "contracts/<int:pk>/"
SUPPLIER = DESK + "suppliers/<int:pk>/"
SLOT = DESK + "slots/<int:pk>/"
BOOKING = DESK + "bookings/<str:number>/"
MONTH = ONE + "settlements/<str:month>/"
COUNTER = "supplier/<str:code>/"

urls = [
    path(DESK + "contracts/", buying.contracts, name="contracts"),
    path(DESK + "contracts/new/", buying.edit, name="contract-new"),
    path(DESK + "forecast/", buying.forecast, name="forecast"),
    path(ONE, buying.contract, name="contract"),
    path(ONE + "edit/", buying.edit, name="contract-edit"),
    path(ONE + "sign/", buying.sign, name="contract-sign"),
    path(ONE + "cut/", buying.cut, name="contract-cut"),
    path(ONE + "file/", buying.file, name="contract-file"),
    path(ONE + "services/new/", buying.service, name="service-new"),
    path(ONE + "services/<int:line>/", buying.service, name="service"),
    path(ONE + "slots/", slots.add, name="slots-new"),
    path(ONE + "settle/", money.draw, name="settlement-draw"),
    path(MONTH, money.settlement, name="settlement"),
    path(MONTH + "agree/", money.agree, name="settlement-agree"),
    path(MONTH + "pay/", money.pay, name="settlement-pay"),
    path(MONTH + "<slug:kind>/", money.file, name="settlement-file"),
    path(SLOT, slots.slot, name="slot"),
    path(SLOT + "resize/", slots.resize, name="slot-resize"),
    path(SLOT + "off/", slots.off, name="slot-off"),
    path(DESK + "suppliers/", suppliers.suppliers, name="suppliers"),
    path(DESK + "suppliers/new/", suppliers.edit, name="supplier-new"),
    path(SUPPLIER, suppliers.supplier, name="supplier"),
    path(SUPPLIER + "edit/", suppliers.edit, name="supplier-edit"),
    path(SUPPLIER + "pin/", suppliers.pin, name="supplier-pin"),
    path(SUPPLIER + "address/", suppliers.address, name="supplier-address"),
    path(DESK + "bookings/", bookings.bookings, name="bookings"),
    path(DESK + "bookings/sign/", bookings.sign_many, name="bookings-sign"),
    path(DESK + "bookings/pleas/<int:pk>/", bookings.decide, name="booking-decide"),
    path(BOOKING, bookings.one, name="booking"),
    path(BOOKING + "press/<slug:what>/", bookings.press, name="booking-press"),
    path(BOOKING + "do/<slug:what>/", bookings.act_on, name="booking-do"),
    path("volunteering/services/", public.services, name="services"),
    path("supplier/voucher/<str:code>/", counter.voucher, name="supplier-voucher"),
    path(COUNTER, counter.counter, name="supplier-page"),
    path(COUNTER + "leave/", counter.leave, name="supplier-leave"),
    path(COUNTER + "redeem/", counter.redeem, name="supplier-redeem"),
    path(COUNTER + "missed/<str:number>/", counter.missed, name="supplier-missed"),
    path(COUNTER + "off/<int:pk>/", counter.off, name="supplier-off"),
]

"""Which heading of a hotline's table means what. Pure data: headings seen in exports of several cities."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chenyue.core.errors import Sentence

FIELDS: dict[str, tuple[Sentence, tuple[str, ...]]] = {  # field → what it is, and how it is headed
    "number": (
        _("Work-order number"),
        ("工单编号", "工单号", "orderNum", "热线工单号", "受理编号", "诉求编号", "编号"),
    ),
    "repeat_of": (_("Number of an earlier order"), ("旧工单编号", "原工单编号", "关联工单编号", "重复工单编号")),
    "received": (_("Received at"), ("来电时间", "受理时间", "生成时间", "诉求时间", "登记时间", "时间")),
    "words": (_("Words"), ("诉求内容", "主要内容", "工单内容", "投诉件内容", "反映内容", "内容", "描述")),
    "title": (_("Headline"), ("标题", "主题", "诉求标题")),
    "name": (_("Reporter"), ("姓名", "诉求人", "来电人", "求助人员", "诉求人姓名", "联系人", "企业名称")),
    "phone": (_("Telephone number"), ("来电号码", "来电人电话", "联系方式", "联系电话", "号码", "电话", "手机号")),
    "confidential": (_("To be kept confidential"), ("是否保密", "保密")),
    "anonymous": (_("Anonymous"), ("匿名", "匿名(1)/实名(0)", "是否匿名")),
    "kind": (_("Kind of appeal"), ("诉求类型", "工单类型", "类型", "客户类型", "性质分类")),
    "category": (_("Category of the hotline"), ("问题分类", "四级分类", "类别", "诉求归口", "诉求分类", "标签")),
    "category_code": (_("Category code"), ("问题分类编码", "分类编码")),
    "place": (_("Place"), ("详细地址", "事发地址", "事发地", "地址", "点位")),
    "area": (_("Area"), ("事件发生地", "区域", "被反映街乡镇", "被反映区")),
    "community": (pgettext_lazy("hotline", "Community"), ("社区", "所属社区", "被反映社区")),
    "urgency": (pgettext_lazy("hotline", "Urgency"), ("紧急程度",)),
    "channel": (_("Came by"), ("诉求渠道", "受理渠道", "信息来源", "来源")),
    "dispatched": (_("Sent to us at"), ("区交办时间", "交办时间", "派单时间", "市交办时间")),
    "due": (_("To be answered by"), ("办结期限", "办理截止时间", "截止时间", "处理时限", "市交办期限")),
    "unit": (_("Unit named by the hotline"), ("市交办主办", "主办单位", "承办单位")),
    "status": (_("State at the hotline"), ("状态", "工单状态", "stateInfo")),
    "answer": (
        pgettext_lazy("hotline", "Answer"),
        ("办理结果", "办理情况", "答复口径", "回复", "处理描述", "销单内容"),
    ),
    "answered": (_("Answered at"), ("办结时间", "办理时间", "回复时间")),
    "solved": (pgettext_lazy("hotline", "Solved"), ("是否解决",)),
    "satisfied": (pgettext_lazy("hotline", "Satisfied"), ("是否满意", "满意度")),
}
NEEDED = ("number", "words")
BACK = ("answer", "answered", "solved", "satisfied")  # what goes back to the hotline
HEADED = {"answer": "办理结果", "answered": "办结时间", "solved": "是否解决", "satisfied": "是否满意"}


def expected(columns: Mapping[str, str] | None = None) -> dict[str, tuple[str, ...]]:
    """What a reader looks for: the headings that a person chose, else all that are known."""
    if columns:
        return {field: (heading,) for field, heading in columns.items() if field in FIELDS and heading}
    return {field: headings for field, (_label, headings) in FIELDS.items()}


def missing(columns: Mapping[str, str]) -> list[Sentence]:
    """What can't be done without, by the words of the page."""
    return [FIELDS[field][0] for field in NEEDED if not columns.get(field)]

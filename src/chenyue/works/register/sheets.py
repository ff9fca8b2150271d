"""Sheets of the register that people download."""

from django.utils.translation import gettext as _

from chenyue.core import tables
from chenyue.works.register.rows import COLUMNS

SAMPLES = (
    ("1幢", "1单元", "101", "", "", "89.32", "登记", "已售", "住宅", "否", "示例甲、示例乙", "", ""),
    ("1幢", "1单元", "102", "", "", "76.5", "登记", "未售", "住宅", "否", "示例房地产开发有限公司", "", ""),
)
CHOICES = {"面积来源": ("登记", "实测", "合同"), "状态": ("已售", "未售", "已售未交付"), "出租": ("是", "否")}


def template() -> bytes:
    """An empty workbook to fill in: Chinese headings, lists to pick from, two rows as examples."""
    header = [others[0] for others in COLUMNS.values()]
    return tables.write_xlsx(header, SAMPLES, _("Register of homes"), choices=CHOICES)

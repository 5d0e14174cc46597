"""Order books as tables (CSV, XLSX): the plant from a problem file, the orders from a sheet."""

from instances.order_book.reading import from_table, read_orders
from instances.order_book.sheets import TableForm
from instances.order_book.template import template_csv, template_xlsx
from instances.order_book.writing import orders_csv, orders_xlsx

__all__ = [
    "TableForm",
    "from_table",
    "orders_csv",
    "orders_xlsx",
    "read_orders",
    "template_csv",
    "template_xlsx",
]

"""What closing packs on each assessment, read of many as one text: 18,000 rows are long to send, and to make of them."""

from django.db.models import Aggregate, Func, TextField


class _Hexadecimal(Func):
    function = "HEX"
    output_field = TextField()

    def as_postgresql(self, compiler, connection, **context):
        template = "ENCODE(%(expressions)s, 'hex')"
        return self.as_sql(compiler, connection, template=template, **context)


class Packed(Aggregate):
    """The bytes of these columns, row after row in any order, in hexadecimal; None when no row has them all."""

    output_field = TextField()

    def __init__(self, *columns: str):
        super().__init__(*map(_Hexadecimal, columns))

    def as_sqlite(self, compiler, connection, **context):
        return self._joined("GROUP_CONCAT", compiler, connection, **context)

    def as_postgresql(self, compiler, connection, **context):
        return self._joined("STRING_AGG", compiler, connection, **context)

    def _joined(self, function: str, compiler, connection, **context):
        template = f"{function}(%(expressions)s, '')"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" || ", **context)

"""PyAthena against a lake: its cursors, parameters, types, UNLOAD, metadata and SQLAlchemy dialect. Prints how many claims held."""

import asyncio
import datetime
import decimal
import functools
import os

import boto3
import pandas as pd
import pyarrow.fs
import pyathena
import sqlalchemy as sa
from claims import fails, holds, tell
from pyathena.arrow.cursor import ArrowCursor
from pyathena.async_cursor import AsyncCursor
from pyathena.cursor import DictCursor
from pyathena.filesystem.s3 import S3FileSystem
from pyathena.pandas.cursor import PandasCursor
from pyathena.pandas.util import to_sql
from pyathena.s3fs.cursor import S3FSCursor

# The one client below that does not ask AWS_ENDPOINT_URL where S3 is: PyAthena's Arrow cursor makes it without an endpoint.
pyarrow.fs.S3FileSystem = functools.partial(pyarrow.fs.S3FileSystem, endpoint_override=os.environ["AWS_ENDPOINT_URL"])

DB, STAGING = "shop", "s3://pyathena.results/"
s3 = boto3.client("s3")
for bucket in ("pyathena.results", "pyathena.lake"):
    s3.create_bucket(Bucket=bucket)
root = "s3://pyathena.lake"
boto3.client("glue").create_database(DatabaseInput={"Name": DB})


def connected(cursor_class=None, **more):
    return pyathena.connect(s3_staging_dir=STAGING, schema_name=DB, poll_interval=0.02, cursor_class=cursor_class, **more)


connection = connected()
cursor = connection.cursor()


def rows(sql, parameters=None, **options):
    return connection.cursor().execute(sql, parameters, **options).fetchall()


# A table of every type that a table may have, and one with partitions.
cursor.execute(
    f"""
    CREATE EXTERNAL TABLE lines (line string, amount int)
    PARTITIONED BY (day date, kind string)
    STORED AS PARQUET
    LOCATION '{root}/lines/'
    """
)
holds("a statement without rows", cursor.fetchall() == [] and cursor.description == [])
cursor.executemany(
    "INSERT INTO lines VALUES (%(line)s, %(amount)s, %(day)s, %(kind)s)",
    [
        {"line": "it's", "amount": 1, "day": datetime.date(2026, 1, 1), "kind": "a"},
        {"line": None, "amount": None, "day": datetime.date(2026, 1, 2), "kind": "b"},
        {"line": 'é "\\n" 日本', "amount": -3, "day": datetime.date(2026, 1, 2), "kind": "a"},
    ],
)
holds("executemany counts what it inserted", cursor.rowcount == 3)
SELECTED = {
    "boolean": ("true", True),
    "tinyint": ("CAST(-128 AS tinyint)", -128),
    "smallint": ("CAST(32767 AS smallint)", 32767),
    "integer": ("2147483647", 2147483647),
    "bigint": ("CAST(9223372036854775807 AS bigint)", 9223372036854775807),
    "float": ("CAST(0.5 AS real)", 0.5),
    "double": ("1e20", 1e20),
    "decimal": ("CAST('123456789.0125' AS decimal(20, 4))", decimal.Decimal("123456789.0125")),
    "char": ("CAST('ab' AS char(4))", "ab  "),
    "varchar": ("'a, \"b\"'", 'a, "b"'),
    "varbinary": ("X'0001ff'", b"\x00\x01\xff"),
    "date": ("DATE '2024-02-29'", datetime.date(2024, 2, 29)),
    "time": ("TIME '01:02:03.004'", datetime.time(1, 2, 3, 4000)),
    "timestamp": ("TIMESTAMP '2024-02-29 01:02:03.004'", datetime.datetime(2024, 2, 29, 1, 2, 3, 4000)),
    "timestamp with time zone": (
        "TIMESTAMP '2024-02-29 01:02:03.004 UTC'",
        datetime.datetime(2024, 2, 29, 1, 2, 3, 4000, tzinfo=datetime.timezone.utc),
    ),
    "array": ("ARRAY[1, 2]", [1, 2]),
    "map": ("MAP(ARRAY['k'], ARRAY[1])", {"k": "1"}),
    "row": ("CAST(ROW(1, 'x') AS row(a integer, b varchar))", {"a": "1", "b": "x"}),
    "json": ("""JSON '{"a": [1, null]}'""", {"a": [1, None]}),
}
cursor.execute("SELECT " + ", ".join(f'{sql} AS "{name}"' for name, (sql, _) in SELECTED.items()))
row = cursor.fetchone()
for (name, (_, wanted)), got, described in zip(SELECTED.items(), row, cursor.description):
    holds(f"{name} is {got!r}, described {described}", got == wanted and described[:2] == (name, name))
holds("precision and scale", cursor.description[7][4:6] == (20, 4))
cursor.execute("SELECT " + ", ".join(f"IF(false, {sql}) AS c{n}" for n, (sql, _) in enumerate(SELECTED.values())))
holds("NULL of every type", cursor.fetchall() == [(None,) * len(SELECTED)])
holds("an empty string is none", rows("SELECT '', NULL") == [("", None)])
holds("typed by a hint", rows("SELECT MAP(ARRAY['k'], ARRAY[1]) AS m", result_set_type_hints={"m": "map(varchar, integer)"}) == [({"k": 1},)])

# What a cursor tells of its query.
cursor.execute("SELECT kind, count(*) AS n FROM lines GROUP BY kind ORDER BY kind")
holds("it can be iterated", list(cursor) == [("a", 2), ("b", 1)])
holds("state and text", cursor.state == "SUCCEEDED" and cursor.query.startswith("SELECT kind") and cursor.database == DB)
holds("classified", (cursor.statement_type, cursor.substatement_type) == ("DML", "SELECT"))
holds("its output", cursor.output_location == f"{STAGING}{cursor.query_id}.csv")
holds("moments", cursor.submission_date_time <= cursor.completion_date_time)
holds("statistics", cursor.total_execution_time_in_millis >= 0 and cursor.data_scanned_in_bytes >= 0)
holds("engine and workgroup", (cursor.effective_engine_version, cursor.work_group) == ("Athena engine version 3", "primary"))
paged = connection.cursor(arraysize=2).execute("SELECT line FROM lines")
holds("pages of two", [len(page) for page in iter(lambda: paged.fetchmany(2), [])] == [2, 1])
holds("more rows than a page", len(rows("SELECT * FROM UNNEST(sequence(1, 2500)) t (n)")) == 2500)
holds("inserted rows are counted", cursor.execute("INSERT INTO lines SELECT 'more', 5, DATE '2026-02-01', 'c'").rowcount == 1)
seen = []
cursor.execute("SELECT 1", on_start_query_execution=seen.append)
holds("told as it starts", seen == [cursor.query_id])

# Parameters, in both styles.
holds(
    "values in the text",
    rows(
        "SELECT %(s)s, %(i)d, %(f)s, %(d)s, %(t)s, %(n)s, %(b)s, %(x)s, %(y)s",
        {"s": "a'b\\", "i": 7, "f": 1.5, "d": decimal.Decimal("1.10"), "t": datetime.datetime(2026, 1, 2, 3, 4, 5), "n": None, "b": True, "x": b"\x01", "y": datetime.date(2026, 1, 2)},
    )
    == [("a'b\\", 7, 1.5, decimal.Decimal("1.10"), datetime.datetime(2026, 1, 2, 3, 4, 5), None, True, b"\x01", datetime.date(2026, 1, 2))],
)
holds("a list", rows("SELECT line FROM lines WHERE kind IN %(kinds)s ORDER BY 1", {"kinds": ["b", "c"]}) == [("more",), (None,)])
holds("values beside the text", rows("SELECT line FROM lines WHERE day = ? AND amount > ?", ["DATE '2026-01-01'", "0"], paramstyle="qmark") == [("it's",)])
holds("strings beside the text", rows("SELECT ?, ?", ["'it''s'", "plain"], paramstyle="qmark") == [("it's", "plain")])
fails("too few", pyathena.DatabaseError, lambda: rows("SELECT ?, ?", ["1"], paramstyle="qmark"))

# Refusals keep Athena's text.
for sql, text in {
    "SELECT * FROM nothing": f"TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.{DB}.nothing' does not exist",
    "SELECT nothing FROM lines": "COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved or requester is not authorized to access requested resources",
    "SELECT 1 / 0": "DIVISION_BY_ZERO: Division by zero",
    "SELECT CAST('a' AS integer)": "INVALID_CAST_ARGUMENT: Cannot cast 'a' to INT",
}.items():
    holds(sql, str(fails(sql, pyathena.OperationalError, lambda: rows(sql))) == text)
refused = fails("a mistake", pyathena.DatabaseError, lambda: rows("SELEC 1"))
holds("refused at its start", "InvalidRequestException" in str(refused) and "line 1:1: mismatched input 'SELEC'" in str(refused))

# Other cursors.
record = connection.cursor(DictCursor).execute("SELECT line, amount FROM lines WHERE kind = 'b'").fetchall()
holds("rows as dictionaries", record == [{"line": None, "amount": None}])
with connected(AsyncCursor).cursor(max_workers=4) as waiting:
    started = [waiting.execute(f"SELECT {n}") for n in range(4)]
    holds("four at once", [future.result().fetchall() for _, future in started] == [[(n,)] for n in range(4)])
    query_id, future = waiting.execute("SELECT count(*) FROM UNNEST(sequence(1, 10000)) a (x), UNNEST(sequence(1, 10000)) b (y), UNNEST(sequence(1, 1000)) c (z) WHERE x * y * z % 7 = 3")
    waiting.cancel(query_id).result()
    stopped = future.result()
    holds(f"cancelled: {stopped.state}, {stopped.state_change_reason}", (stopped.state, stopped.state_change_reason) == ("CANCELLED", "Query cancelled by user"))
    holds("stays cancelled", waiting.query_execution(query_id).result().state == "CANCELLED")


async def awaited(sql):
    async with await pyathena.aio_connect(s3_staging_dir=STAGING, schema_name=DB, poll_interval=0.02) as waiting:
        waiting_cursor = waiting.cursor()
        await waiting_cursor.execute(sql)
        return await waiting_cursor.fetchall()


holds("awaited", asyncio.run(awaited("SELECT kind, count(*) FROM lines WHERE kind = 'a' GROUP BY 1")) == [("a", 2)])
TYPED = """
    SELECT 1 AS i, CAST(2 AS bigint) AS b, 1.5 AS d, 'x' AS s, CAST(NULL AS varchar) AS n, true AS t,
           DATE '2026-01-02' AS day, TIMESTAMP '2026-01-02 03:04:05.678' AS at, CAST(1.10 AS decimal(10, 2)) AS money
"""
moment = pd.Timestamp("2026-01-02 03:04:05.678")
for unload in (False, True):
    frame = connected(PandasCursor).cursor(unload=unload).execute(TYPED).as_pandas()
    told = "of UNLOAD" if unload else "of CSV"
    holds(f"columns {told}", list(frame.columns) == ["i", "b", "d", "s", "n", "t", "day", "at", "money"])
    holds(
        f"values {told}: {frame.to_dict('records')}",
        list(frame.iloc[0][["i", "b", "d", "s", "t", "at", "money"]]) == [1, 2, 1.5, "x", True, moment, decimal.Decimal("1.10")] and pd.isna(frame.n[0]),
    )
    table = connected(ArrowCursor).cursor(unload=unload).execute(TYPED).as_arrow()
    first = table.to_pylist()[0]
    holds(
        f"an Arrow table {told}: {first}",
        (first["i"], first["b"], first["d"], first["s"], first["n"], first["t"], first["at"], first["money"]) == (1, 2, 1.5, "x", None if unload else "", True, moment, decimal.Decimal("1.10") if unload else "1.10"),
    )
chunks = connected(PandasCursor).cursor().execute("SELECT * FROM UNNEST(sequence(1, 25)) t (n)", chunksize=10).as_pandas()
holds("a frame in pieces", [len(chunk) for chunk in chunks] == [10, 10, 5])
holds("UNLOAD of many rows", len(connected(PandasCursor).cursor(unload=True).execute("SELECT x, x * y AS z FROM UNNEST(sequence(1, 1000)) a (x), UNNEST(sequence(1, 20)) b (y)").as_pandas()) == 20000)
holds("UNLOAD of nested values", connected(ArrowCursor).cursor(unload=True).execute("SELECT ARRAY[1, 2] AS a, MAP(ARRAY['k'], ARRAY[1.5]) AS m, CAST(ROW(1, 'x') AS row(a integer, b varchar)) AS r").as_arrow().to_pylist() == [{"a": [1, 2], "m": [("k", 1.5)], "r": {"a": 1, "b": "x"}}])
holds("UNLOAD of no rows", len(connected(PandasCursor).cursor(unload=True).execute("SELECT line FROM lines WHERE kind = 'none'").as_pandas()) == 0)
holds("read through its own file system", connected(S3FSCursor).cursor().execute("SELECT line, amount FROM lines WHERE kind = 'c'").fetchall() == [("more", 5)])

# Its search for an earlier result, and the service's own.
first = connection.cursor().execute("SELECT 42")
holds("found among the last", connection.cursor().execute("SELECT 42", cache_size=10).query_id == first.query_id)
holds("found by its age", connection.cursor().execute("SELECT 42", cache_expiration_time=600).query_id == first.query_id)
reusing = connection.cursor().execute("SELECT 43", result_reuse_enable=True, result_reuse_minutes=30)
holds("reuse is noted", (reusing.result_reuse_enabled, reusing.result_reuse_minutes, reusing.reused_previous_result) == (True, 30, False))

# Metadata.
metadata = cursor.get_table_metadata("lines")
holds("columns", [(c.name, c.type) for c in metadata.columns] == [("line", "string"), ("amount", "int")])
holds("partition keys", [(c.name, c.type) for c in metadata.partition_keys] == [("day", "date"), ("kind", "string")])
holds("how it is kept", (metadata.table_type, metadata.location, metadata.serde_serialization_lib) == ("EXTERNAL_TABLE", f"{root}/lines", "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"))
holds("tables", [t.name for t in cursor.list_table_metadata()] == ["lines"])
holds("databases", [d.name for d in cursor.list_databases("awsdatacatalog")] == [DB])
fails("a table that is not", pyathena.OperationalError, lambda: cursor.get_table_metadata("nothing"))

# A frame written as a table, through UNLOAD's opposite.
frame = pd.DataFrame({"n": [1, 2, 3], "name": ["a", None, "c"], "at": [moment] * 3, "day": ["1", "1", "2"]})
to_sql(frame, "written", connection, f"{root}/written/", schema=DB, if_exists="replace", partitions=["day"])
holds("a frame became a table", rows("SELECT n, name, at, day FROM written ORDER BY n") == [(1, "a", moment, "1"), (2, None, moment, "1"), (3, "c", moment, "2")])
to_sql(frame.head(1), "written", connection, f"{root}/written/", schema=DB, if_exists="append", partitions=["day"])
holds("a frame was appended", rows("SELECT count(*) FROM written") == [(4,)])

# Its file system.
files = S3FileSystem(connection)
with files.open(f"{root}/files/a.txt", "wb") as file:
    file.write(b"0123456789")
holds("written and read", files.cat(f"{root}/files/a.txt") == b"0123456789" and files.cat(f"{root}/files/a.txt", start=2, end=5) == b"234")
files.cp(f"{root}/files/a.txt", f"{root}/files/b.txt")
holds("listed", sorted(files.ls(f"{root}/files/", detail=False)) == ["pyathena.lake/files/a.txt", "pyathena.lake/files/b.txt"])
files.rm(f"{root}/files", recursive=True)
holds("removed", not files.exists(f"{root}/files/a.txt"))

# SQLAlchemy.
engine = sa.create_engine(f"awsathena+rest://@athena.us-east-1.amazonaws.com:443/{DB}?s3_staging_dir={STAGING}&poll_interval=0.02&location={root}/alchemy/")
inspector = sa.inspect(engine)
holds("schemas", inspector.get_schema_names() == [DB])
holds("tables of a schema", inspector.get_table_names() == ["lines", "written"])
holds("a table exists", inspector.has_table("lines") and not inspector.has_table("nothing"))
holds("columns of a table", [(c["name"], str(c["type"]), c["dialect_options"]["awsathena_partition"]) for c in inspector.get_columns("lines")] == [("line", "VARCHAR", None), ("amount", "INTEGER", None), ("day", "DATE", True), ("kind", "VARCHAR", True)])
lines = sa.Table("lines", sa.MetaData(), autoload_with=engine)
made = sa.Table(
    "made",
    sa.MetaData(),
    sa.Column("n", sa.Integer, comment="a number"),
    sa.Column("name", sa.String),
    sa.Column("at", sa.TIMESTAMP),
    sa.Column("day", sa.Date, awsathena_partition=True),
    awsathena_file_format="PARQUET",
    awsathena_compression="SNAPPY",
    comment="made by a program",
)
with engine.connect() as connected_engine:
    selected = connected_engine.execute(sa.select(lines.c.line, sa.func.sum(lines.c.amount).label("s")).where(lines.c.kind == "a").group_by(lines.c.line).order_by(lines.c.line).limit(1))
    holds("a select", selected.fetchall() == [("it's", 1)])
    made.create(connected_engine)
    inserted = connected_engine.execute(made.insert(), [{"n": n, "name": f"n'{n}", "at": datetime.datetime(2026, 1, n), "day": datetime.date(2026, 1, n)} for n in (1, 2)])
    holds(f"many inserted: {inserted.rowcount}", inserted.rowcount == 2)
    holds("read back", connected_engine.execute(sa.select(made).order_by(made.c.n)).fetchall() == [(n, f"n'{n}", datetime.datetime(2026, 1, n), datetime.date(2026, 1, n)) for n in (1, 2)])
    connected_engine.execute(sa.text(f"CREATE TABLE copied WITH (format = 'PARQUET', external_location = '{root}/copied/') AS SELECT * FROM made"))
    connected_engine.execute(sa.text("CREATE VIEW seen AS SELECT n, name FROM copied"))
    reflected = sa.Table("copied", sa.MetaData(), autoload_with=connected_engine)
    holds("a copy reflected", [c.name for c in reflected.columns] == ["n", "name", "at", "day"])
    joined = sa.select(made.c.n, reflected.c.name).join(reflected, made.c.n == reflected.c.n).order_by(made.c.n)
    holds("a join", connected_engine.execute(joined).fetchall() == [(1, "n'1"), (2, "n'2")])
    inspector = sa.inspect(engine)
    holds("views", inspector.get_view_names() == ["seen"])
    holds("what a view is", inspector.get_view_definition("seen") == "CREATE VIEW shop.seen AS\nSELECT n, name FROM copied")
    holds("a comment", inspector.get_table_comment("made") == {"text": "made by a program"})
    holds("options", inspector.get_table_options("made")["awsathena_location"] == f"{root}/alchemy/shop/made")
    holds("read into a frame", list(pd.read_sql("SELECT n FROM made ORDER BY n DESC", connected_engine).n) == [2, 1])
    made.drop(connected_engine)
    holds("dropped", not sa.inspect(engine).has_table("made"))
engine.dispose()
tell()

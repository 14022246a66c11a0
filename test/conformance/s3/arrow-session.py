"""Arrow's own S3 client: datasets, folders, ranges and big files. Prints what held for the test beside this file."""

import datetime
import os
import random

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow import fs

from claims import fails, holds, tell

BUCKET = "arrow.raw"
ODD_NAMES = ("ünï cöde +%25&=?#.txt", "quote'\"<&>", "日本/🦊", "-dash", "a+b%2Fc", " space ", "x" * 900)

s3 = fs.S3FileSystem(
    access_key=os.environ["AWS_ACCESS_KEY_ID"],
    secret_key=os.environ["AWS_SECRET_ACCESS_KEY"],
    region=os.environ["AWS_REGION"],
    endpoint_override=os.environ["AWS_ENDPOINT_URL"],
    allow_bucket_creation=True,
    allow_bucket_deletion=True,
    background_writes=True,
)


def write(path, data, **options):
    with s3.open_output_stream(path, **options) as out:
        out.write(data)


def read(path):
    with s3.open_input_stream(path) as source:
        return source.read()


# Buckets and folders.
s3.create_dir(BUCKET)
holds("a bucket is a directory", s3.get_file_info(BUCKET).type == fs.FileType.Directory)
s3.create_dir(f"{BUCKET}/a/b/c", recursive=True)
holds("a folder is there", s3.get_file_info(f"{BUCKET}/a/b/c").type == fs.FileType.Directory)
holds("and its parent", s3.get_file_info(f"{BUCKET}/a").type == fs.FileType.Directory)
holds("what is not is not found", s3.get_file_info(f"{BUCKET}/none").type == fs.FileType.NotFound)
holds("no such bucket is not found", s3.get_file_info("no-such-arrow").type == fs.FileType.NotFound)
fails("a bucket that is not there is not deleted", OSError, lambda: s3.delete_dir("no-such-arrow"))

# Files: empty, small, in parts, with metadata.
for size in (0, 1, 5 * 1024 * 1024, 20_000_003):
    data = random.Random(size).randbytes(size)
    path = f"{BUCKET}/sizes/{size}"
    write(path, data, metadata={"Content-Type": "application/x-lake"})
    info = s3.get_file_info(path)
    holds(f"{size} has its size", info.type == fs.FileType.File and info.size == size)
    holds(f"{size} has a time", abs(info.mtime - datetime.datetime.now(datetime.timezone.utc)) < datetime.timedelta(minutes=5))
    holds(f"{size} bytes", read(path) == data)
    with s3.open_input_file(path) as file:
        holds(f"{size} metadata", file.metadata()["Content-Type"] == b"application/x-lake")
        file.seek(size // 2)
        holds(f"{size} by range", file.read(100) == data[size // 2 : size // 2 + 100])
        holds(f"{size} read at", file.read_at(7, 0) == data[:7])
    s3.copy_file(path, path + ".copy")
    holds(f"{size} copied", read(path + ".copy") == data)
    s3.move(path + ".copy", path + ".moved")
    holds(f"{size} moved", s3.get_file_info(path + ".copy").type == fs.FileType.NotFound and read(path + ".moved") == data)

for name in ODD_NAMES:
    path = f"{BUCKET}/odd/{name}"
    write(path, name.encode())
    holds(f"odd {name}", read(path) == name.encode() and s3.get_file_info(path).size == len(name.encode()))
    s3.copy_file(path, f"{BUCKET}/copied/{name}")
    holds(f"odd copy {name}", read(f"{BUCKET}/copied/{name}") == name.encode())
listed = s3.get_file_info(fs.FileSelector(f"{BUCKET}/odd", recursive=True))
files = {info.path for info in listed if info.type == fs.FileType.File}
holds("odd names are listed", files == {f"{BUCKET}/odd/{name}" for name in ODD_NAMES})
top = s3.get_file_info(fs.FileSelector(f"{BUCKET}/odd"))
holds("one level is one level", f"{BUCKET}/odd/日本" in {info.path for info in top if info.type == fs.FileType.Directory})

fails("a file that is not there", FileNotFoundError, lambda: read(f"{BUCKET}/none"))
fails("a bucket that is not there", FileNotFoundError, lambda: read("no-such-arrow/none"))
fails("a folder that is not there", FileNotFoundError, lambda: s3.get_file_info(fs.FileSelector(f"{BUCKET}/nowhere")))

# A partitioned dataset, written and read with its filters.
table = pa.table({"year": [2025, 2025, 2026] * 4000, "site": ["a b", "ü/é", "c=d"] * 4000, "n": list(range(12000))})
ds.write_dataset(table, f"{BUCKET}/visits", filesystem=s3, format="parquet", partitioning=["year", "site"], partitioning_flavor="hive")
back = ds.dataset(f"{BUCKET}/visits", filesystem=s3, format="parquet", partitioning="hive")
holds("partitions are found", len(back.files) == 3)
holds("all rows come back", back.to_table().num_rows == 12000)
holds("a filter reads one partition", back.to_table(filter=ds.field("site") == "ü/é").column("n").to_pylist() == list(range(1, 12000, 3)))
ds.write_dataset(
    table.slice(0, 10), f"{BUCKET}/visits", filesystem=s3, format="parquet", partitioning=["year", "site"],
    partitioning_flavor="hive", existing_data_behavior="delete_matching",
)
holds("partitions are replaced", ds.dataset(f"{BUCKET}/visits", filesystem=s3, partitioning="hive").to_table().num_rows == 10)
pq.write_table(table, f"{BUCKET}/one.parquet", filesystem=s3, compression="zstd")
holds("a row group by its range", pq.read_table(f"{BUCKET}/one.parquet", filesystem=s3, columns=["n"]).num_rows == 12000)
with s3.open_output_stream(f"{BUCKET}/one.csv.gz", compression="gzip") as out:
    pyarrow.csv.write_csv(table, out)
with s3.open_input_stream(f"{BUCKET}/one.csv.gz", compression="gzip") as source:
    holds("csv through gzip", pyarrow.csv.read_csv(source).num_rows == 12000)

# 64 MiB in parts, from several threads.
big = random.Random(64).randbytes(64 * 1024 * 1024)
with s3.open_output_stream(f"{BUCKET}/big") as out:
    for at in range(0, len(big), 3_000_000):
        out.write(big[at : at + 3_000_000])
holds("64 MiB", read(f"{BUCKET}/big") == big)

# Removing.
s3.delete_file(f"{BUCKET}/big")
holds("a deleted file is gone", s3.get_file_info(f"{BUCKET}/big").type == fs.FileType.NotFound)
fails("deleting twice", FileNotFoundError, lambda: s3.delete_file(f"{BUCKET}/big"))
s3.delete_dir_contents(f"{BUCKET}/visits")
holds("an emptied folder stays", s3.get_file_info(f"{BUCKET}/visits").type == fs.FileType.Directory)
s3.delete_dir(f"{BUCKET}/visits")
holds("a deleted folder is gone", s3.get_file_info(f"{BUCKET}/visits").type == fs.FileType.NotFound)
fails("a bucket with objects is not deleted as a file", OSError, lambda: s3.delete_file(BUCKET))
s3.delete_dir_contents(BUCKET)
holds("nothing is left", s3.get_file_info(fs.FileSelector(BUCKET, recursive=True)) == [])
s3.delete_dir(BUCKET)
holds("the bucket is gone", s3.get_file_info(BUCKET).type == fs.FileType.NotFound)

tell()

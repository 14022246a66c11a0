"""s3fs: an asynchronous file system over aiobotocore. Prints what held for the test beside this file."""

import os
import random
import tempfile
import urllib.request

import s3fs

from claims import fails, holds, tell

BUCKET = "fsspec.raw"
ODD_NAMES = ("ünï cöde +%25&=#.txt", "quote'\"<&>", "日本/🦊", "-dash", "a+b%2Fc", " space ", "x" * 900)

s3 = s3fs.S3FileSystem(endpoint_url=os.environ["AWS_ENDPOINT_URL"])

s3.mkdir(BUCKET)
holds("the bucket is listed", BUCKET in s3.ls(""))
fails("no such bucket", FileNotFoundError, lambda: s3.ls("no-such-fsspec"))
fails("no such key", FileNotFoundError, lambda: s3.cat(f"{BUCKET}/none"))

# Files: empty, small, and in parts.
for size in (0, 1, 5 * 1024 * 1024, 20_000_003):
    data = random.Random(size).randbytes(size)
    path = f"{BUCKET}/sizes/{size}"
    s3.pipe(path, data)
    holds(f"{size} info", s3.info(path)["size"] == size and s3.info(path)["type"] == "file")
    holds(f"{size} bytes", s3.cat(path) == data)
    with s3.open(path, "rb") as file:
        file.seek(size // 2)
        holds(f"{size} by range", file.read(100) == data[size // 2 : size // 2 + 100])
    s3.copy(path, path + ".copy")
    s3.mv(path + ".copy", path + ".moved")
    holds(f"{size} moved", s3.cat(path + ".moved") == data and not s3.exists(path + ".copy"))

# 64 MiB through a file object, in parts.
big = random.Random(64).randbytes(64 * 1024 * 1024)
with s3.open(f"{BUCKET}/big", "wb", block_size=8 * 1024 * 1024) as out:
    for at in range(0, len(big), 3_000_000):
        out.write(big[at : at + 3_000_000])
holds("64 MiB", s3.cat(f"{BUCKET}/big") == big)
holds("the last bytes", s3.tail(f"{BUCKET}/big", 10) == big[-10:])
holds("several ranges", s3.cat_ranges([f"{BUCKET}/big"] * 3, [0, 5, 70], [5, 10, 80]) == [big[0:5], big[5:10], big[70:80]])

# Appending reads what is there into a part of a new upload.
with s3.open(f"{BUCKET}/log", "wb") as out:
    out.write(big[:6_000_000])
with s3.open(f"{BUCKET}/log", "ab") as out:
    out.write(b"more")
holds("appended", s3.cat(f"{BUCKET}/log") == big[:6_000_000] + b"more")

for name in ODD_NAMES:
    s3.pipe(f"{BUCKET}/odd/{name}", name.encode())
    holds(f"odd {name}", s3.cat(f"{BUCKET}/odd/{name}") == name.encode())
    s3.copy(f"{BUCKET}/odd/{name}", f"{BUCKET}/copied/{name}")
    holds(f"odd copy {name}", s3.cat(f"{BUCKET}/copied/{name}") == name.encode())
holds("found", set(s3.find(f"{BUCKET}/odd")) == {f"{BUCKET}/odd/{name}" for name in ODD_NAMES})

# Trees.
for path in ("a/one.csv", "a/two.json", "a/b/three.csv", "a/b/c/four.csv"):
    s3.pipe(f"{BUCKET}/tree/{path}", path.encode())
holds("glob", s3.glob(f"{BUCKET}/tree/**/*.csv") == [f"{BUCKET}/tree/a/b/c/four.csv", f"{BUCKET}/tree/a/b/three.csv", f"{BUCKET}/tree/a/one.csv"])
walked = [(root, sorted(folders), sorted(files)) for root, folders, files in s3.walk(f"{BUCKET}/tree/a")]
holds("walk", walked == [
    (f"{BUCKET}/tree/a", ["b"], ["one.csv", "two.json"]),
    (f"{BUCKET}/tree/a/b", ["c"], ["three.csv"]),
    (f"{BUCKET}/tree/a/b/c", [], ["four.csv"]),
])
holds("du", s3.du(f"{BUCKET}/tree") == sum(len(path) for path in ("a/one.csv", "a/two.json", "a/b/three.csv", "a/b/c/four.csv")))
holds("a folder is a directory", s3.isdir(f"{BUCKET}/tree/a") and not s3.isfile(f"{BUCKET}/tree/a"))
s3.touch(f"{BUCKET}/tree/mark")
holds("touched", s3.info(f"{BUCKET}/tree/mark")["size"] == 0)
s3.copy(f"{BUCKET}/tree/a", f"{BUCKET}/tree/moved", recursive=True)
s3.rm(f"{BUCKET}/tree/a", recursive=True)
holds("a tree is moved", sorted(s3.find(f"{BUCKET}/tree/moved"))[0] == f"{BUCKET}/tree/moved/b/c/four.csv" and not s3.exists(f"{BUCKET}/tree/a"))

with tempfile.TemporaryDirectory() as folder:
    s3.get(f"{BUCKET}/tree", f"{folder}/down", recursive=True)
    with open(f"{folder}/down/moved/one.csv") as file:
        holds("a tree is got", file.read() == "a/one.csv")
    s3.put(f"{folder}/down", f"{BUCKET}/again", recursive=True)
    holds("and put", s3.cat(f"{BUCKET}/again/moved/one.csv") == b"a/one.csv")

# Metadata, tags, links.
s3.pipe(f"{BUCKET}/tagged", b"x")
s3.setxattr(f"{BUCKET}/tagged", origin="till", copy_kwargs={"ContentType": "text/csv"})
holds("metadata", s3.getxattr(f"{BUCKET}/tagged", "origin") == "till")
s3.put_tags(f"{BUCKET}/tagged", {"a": "b", "c": "d e"})
holds("tags", s3.get_tags(f"{BUCKET}/tagged") == {"a": "b", "c": "d e"})
s3.put_tags(f"{BUCKET}/tagged", {"a": "z"}, mode="m")
holds("tags are merged", s3.get_tags(f"{BUCKET}/tagged") == {"a": "z", "c": "d e"})
import urllib.request

with urllib.request.urlopen(s3.sign(f"{BUCKET}/tree/moved/one.csv", expiration=60)) as answer:
    holds("a link", answer.read() == b"a/one.csv")

# A transaction shows all or nothing.
try:
    with s3.transaction:
        with s3.open(f"{BUCKET}/never", "wb") as out:
            out.write(big[:6_000_000])
        raise KeyError
except KeyError:
    pass
holds("nothing of a transaction that failed", not s3.exists(f"{BUCKET}/never"))
with s3.transaction:
    with s3.open(f"{BUCKET}/whole", "wb") as out:
        out.write(big[:6_000_000])
    holds("not before its end", not s3.exists(f"{BUCKET}/whole"))
s3.invalidate_cache()
holds("all of a transaction that did not", s3.cat(f"{BUCKET}/whole") == big[:6_000_000])

# Once only.
s3.pipe(f"{BUCKET}/once", b"first", mode="create")
fails("not twice", FileExistsError, lambda: s3.pipe(f"{BUCKET}/once", b"second", mode="create"))
fails("not twice in parts", FileExistsError, lambda: s3.pipe(f"{BUCKET}/once", big[:12_000_000], mode="create", chunksize=5 * 2**20))
holds("the first stays", s3.cat(f"{BUCKET}/once") == b"first")

# Versions.
versioned = s3fs.S3FileSystem(endpoint_url=os.environ["AWS_ENDPOINT_URL"], version_aware=True)
versioned.mkdir("fsspec-versions")
versioned.make_bucket_versioned("fsspec-versions")
holds("versioned", versioned.is_bucket_versioned("fsspec-versions"))
for text in (b"one", b"two", b"three"):
    versioned.pipe("fsspec-versions/k", text)
versions = versioned.object_version_info("fsspec-versions/k")
bodies = [versioned.open("fsspec-versions/k", version_id=version["VersionId"]).read() for version in versions]
holds("three versions", bodies == [b"three", b"two", b"one"])
versioned.rm("fsspec-versions/k")
holds("deleted", not versioned.exists("fsspec-versions/k"))

# Removing.
s3.rm([f"{BUCKET}/odd/{name}" for name in ODD_NAMES])
holds("many at once", s3.find(f"{BUCKET}/odd") == [])
fails("a bucket with objects stays", OSError, lambda: s3.rmdir(BUCKET))
s3.rm(BUCKET, recursive=True)
holds("the bucket is gone", not s3.exists(BUCKET))

tell()

"""Reads a compressed body with Python's own libraries and prints the SHA-256 of what is in it."""
import gzip, hashlib, sys, zipfile

form, path = sys.argv[1:]
if form == "GZIP":
    body = gzip.open(path).read()
elif form == "ZIP":
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        (name,) = archive.namelist()
        body = archive.read(name)
else:
    import pyarrow

    with open(path, "rb") as file:
        data = file.read()
    codec, body, at = pyarrow.Codec("snappy"), b"", 0 if form == "HADOOP_SNAPPY" else 16
    while at < len(data):
        if form == "HADOOP_SNAPPY":
            at += 4
        length = int.from_bytes(data[at : at + 4], "big")
        block = data[at + 4 : at + 4 + length]
        size = (block[0] & 0x7F) + ((block[1] & 0x7F) << 7) + (block[2] << 14)
        body += codec.decompress(block, size, asbytes=True)
        at += 4 + length
print(hashlib.sha256(body).hexdigest())

import java.io.*;
import java.security.*;
import java.util.*;
import java.util.zip.*;

/** Reads a compressed body as a stream, without a directory to look at, and prints the SHA-256 of what is in it. */
class ReadBodies {
  public static void main(String[] arguments) throws Exception {
    InputStream file = new BufferedInputStream(new FileInputStream(arguments[1]));
    InputStream body = arguments[0].equals("GZIP") ? new GZIPInputStream(file) : entries(new ZipInputStream(file));
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[65536];
    for (int count; (count = body.read(buffer)) >= 0; ) digest.update(buffer, 0, count);
    if (body instanceof ZipInputStream && ((ZipInputStream) body).getNextEntry() != null) throw new Exception("two entries");
    System.out.println(String.format("%064x", new java.math.BigInteger(1, digest.digest())));
  }

  static InputStream entries(ZipInputStream archive) throws IOException {
    UUID.fromString(archive.getNextEntry().getName());
    return archive;
  }
}

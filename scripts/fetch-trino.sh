#!/usr/bin/env bash
# Puts a Trino server together from Maven Central, once, and prints its folder: fetch-trino.sh FOLDER [CONNECTOR...].
# Without a folder it is trino-VERSION in the user's cache, with the connectors hive and iceberg. Needs mvn, tar and
# unzip; to run the server takes Java 24 or later.
set -euo pipefail

version=476
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/lakelet/trino-$version}
connectors=("${@:2}")
[ "${#connectors[@]}" -gt 0 ] || connectors=(hive iceberg)

mkdir -p "$folder/plugin"
scratch=$(mktemp -d "$folder/fetched.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
fetch() {
  mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:2.8:copy \
    -Dartifact="io.trino:$1:$version:$2" -DoutputDirectory="$scratch" >&2
}

# What is moved into its place is whole: a run that was broken off goes on where it was.
if [ ! -d "$folder/lib" ]; then
  fetch trino-server-core tar.gz
  tar xzf "$scratch/trino-server-core-$version.tar.gz" -C "$scratch" --wildcards "*-$version/lib"
  mv "$scratch/trino-server-core-$version/lib" "$folder/lib"
fi
for connector in "${connectors[@]}"; do
  [ ! -d "$folder/plugin/$connector" ] || continue
  fetch "trino-$connector" zip
  unzip -q "$scratch/trino-$connector-$version.zip" -d "$scratch"
  mv "$scratch/trino-$connector-$version" "$folder/plugin/$connector"
done
echo "$folder"

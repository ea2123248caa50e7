#!/usr/bin/env bash
# Holds the sources to the import table in docs/architecture.md: which outside package each room may import.
# (Which rooms see each other is held by Package.swift itself.)
set -euo pipefail
cd "$(dirname "$0")/.."
status=0

# room: the outside modules it may import, besides Foundation and the C library
allow() {
    local room=$1
    shift
    local allowed="Foundation|FoundationNetworking|Glibc|Musl|Darwin|Dispatch|Synchronization"
    local name
    for name in ModelPackage Documents ModelFormats Inspection Scanning PythonSyntax PythonAnalysis Transport Hubs Storage Snapshots Catalog Export Pipeline HubMirror AdmissionPolicy WebPages Serving "$@"; do
        allowed+="|$name"
    done
    local found
    found=$(grep -rnE '^(public |private |internal |package )?import ' "Sources/$room" --include='*.swift' | grep -vE "import ($allowed)$" || true)
    if [[ -n $found ]]; then
        echo "$found"
        echo "error: $room imports what it may not (scripts/check-rooms.sh, docs/architecture.md)"
        status=1
    fi
}

allow ModelPackage
allow Documents CCmarkGFM Yams
allow ModelFormats CArchive CBzip2 CLz4 CLzma CZlib CZstd
allow Inspection Crypto
allow Scanning Crypto
allow PythonSyntax
allow PythonAnalysis CZlib
allow Transport AsyncHTTPClient HTTPTypes Logging NIOCore NIOHTTP1 NIOHTTPCompression NIOPosix
allow Hubs HTTPTypes Subprocess
allow Storage Crypto CZstd
allow Snapshots HTTPTypes Logging
allow Catalog Crypto GRDB GRDBSQLite
allow Export
allow Pipeline HTTPTypes Logging
allow HubMirror Crypto HTTPTypes Hummingbird NIOCore NIOHTTP1 NIOHTTPTypesHTTP1
allow AdmissionPolicy
allow WebPages CCmarkGFM Mustache
allow Serving Crypto HTTPTypes Hummingbird HummingbirdCore Logging NIOCore NIOHTTP1 NIOHTTPTypes ServiceLifecycle Subprocess
allow weir ArgumentParser Logging
allow SampleHub ArgumentParser Crypto Hummingbird Logging NIOCore

# Nothing hides a failure of work that matters: `try?` is for questions ("is this JSON?"), `try!` and `as!` are for nothing.
if grep -rnE 'try!|as! |fatalError\(' Sources --include='*.swift'; then
    echo "error: a crash on bad input is never right"
    status=1
fi
if grep -rnE 'TODO|FIXME|XXX' Sources Tests scripts --include='*.swift' --include='*.py'; then
    echo "error: finish it, or open an issue"
    status=1
fi
exit $status

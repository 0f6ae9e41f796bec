# Tests the plugin on this machine, without WebAssembly: sh test.sh
set -eu
cd "$(dirname "$0")"
${ZIG:-zig} test src/test.zig

# Builds the plugin: sh build.sh
set -eu
cd "$(dirname "$0")"
mkdir -p build
${ZIG:-zig} build-exe -target wasm32-freestanding -O safe -fstrip -fno-entry -rdynamic --stack 131072 \
  -femit-bin=build/my-plugin.wasm src/router.zig

# Builds the plugin: sh build.sh
set -eu
cd "$(dirname "$0")"
mkdir -p build
# Two steps: asked to link, clang would also run a wasm-opt that happens to be on the path.
${CLANG:-clang} --target=wasm32-unknown-unknown -std=c11 -Wall -Wextra -Wno-missing-field-initializers -Werror -O2 -ffreestanding \
  -c -o build/router.o src/router.c
${WASM_LD:-wasm-ld} --no-entry --stack-first -z stack-size=65536 -o build/my-plugin.wasm build/router.o

# Tests the plugin on this machine, without WebAssembly: sh test.sh
set -eu
cd "$(dirname "$0")"
mkdir -p build
${CLANG:-clang} -std=c11 -Wall -Wextra -Wno-missing-field-initializers -Werror -g -fsanitize=undefined -fsanitize-trap=undefined \
  -o build/test test/router.c
build/test

#define COSETTA_VARIANT avx512
#define COSETTA_SET instruction_set::avx512
#include "byte_rows_body.hpp"

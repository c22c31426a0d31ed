#define COSETTA_VARIANT avx2
#define COSETTA_SET instruction_set::avx2
#include "byte_rows_body.hpp"

#define COSETTA_VARIANT avx2
#define COSETTA_SET instruction_set::avx2
#include "bit_rows_body.hpp"

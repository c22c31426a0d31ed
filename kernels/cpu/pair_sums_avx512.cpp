#define COSETTA_VARIANT avx512
#define COSETTA_SET instruction_set::avx512
#include "pair_sums_body.hpp"

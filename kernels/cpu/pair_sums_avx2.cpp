#define COSETTA_VARIANT avx2
#define COSETTA_SET instruction_set::avx2
#include "pair_sums_body.hpp"

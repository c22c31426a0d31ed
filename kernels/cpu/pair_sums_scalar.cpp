#define COSETTA_VARIANT scalar
#define COSETTA_SET instruction_set::scalar
#include "pair_sums_body.hpp"

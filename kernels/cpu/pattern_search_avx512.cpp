#define COSETTA_VARIANT avx512
#define COSETTA_SET instruction_set::avx512
#include "pattern_search_body.hpp"

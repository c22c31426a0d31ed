#define COSETTA_VARIANT scalar
#define COSETTA_SET instruction_set::scalar
#include "pattern_search_body.hpp"

#define COSETTA_VARIANT scalar
#define COSETTA_SET instruction_set::scalar
#include "frontier_body.hpp"

#define COSETTA_VARIANT scalar
#define COSETTA_SET instruction_set::scalar
#include "bit_moves_body.hpp"

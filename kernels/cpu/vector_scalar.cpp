#define COSETTA_VARIANT scalar
#define COSETTA_SET instruction_set::scalar
#include "vector_body.hpp"

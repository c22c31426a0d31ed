#define COSETTA_VARIANT scalar
#define COSETTA_SET instruction_set::scalar
#include "byte_rows_body.hpp"

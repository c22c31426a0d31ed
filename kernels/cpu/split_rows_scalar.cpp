#define COSETTA_VARIANT scalar
#define COSETTA_SET instruction_set::scalar
#include "split_rows_body.hpp"

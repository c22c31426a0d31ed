#define COSETTA_VARIANT scalar
#define COSETTA_SET instruction_set::scalar
#include "dense_layers_body.hpp"

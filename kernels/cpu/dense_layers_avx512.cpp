#define COSETTA_VARIANT avx512
#define COSETTA_SET instruction_set::avx512
#include "dense_layers_body.hpp"

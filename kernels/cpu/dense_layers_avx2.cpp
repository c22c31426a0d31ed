#define COSETTA_VARIANT avx2
#define COSETTA_SET instruction_set::avx2
#include "dense_layers_body.hpp"

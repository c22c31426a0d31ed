// The frontier engine on a device: layers of packed states, hash-partitioned so that the set of one bucket fits the shared memory of a
// block of threads (kernels/cuda/frontier_grid.hpp).
//
// The same graphs, layers and limits as the bucket engine's (bucket_engine.cpp). All states lie in one ring on the device: the layers in
// which an image may have been seen, the next layer growing behind them, and the images of a slice in what is free. Where the images of a
// layer do not fit there, the layer is expanded several times, and each time only the images in some of the buckets are kept.
#pragma once

#include <kernels/cuda/backend.hpp>
#include <search/growth.hpp>

#include <cstdint>

namespace cosetta::search {

/// What tests make small. Powers of two.
struct device_bucket_tuning {
  std::uint32_t slots = 8192;   // of a block's table, at least 32: 66 KiB of shared memory, three blocks on a multiprocessor of an H100
  std::uint32_t window = 4096;  // buckets that states are sent to at once, at least 4
  double memory_share = 0.9;    // of the free memory of the device that may be taken
};

/// Takes min(memory_bytes, share of what is free) of the device's memory. Throws domain_error for what the device does not do (states of
/// more than four words, checkpoints, tables of distances), resource_error where the budget is too small to begin with.
growth_result grow_on_device(const graphs::graph_definition& graph, const growth_options& options, const run_context& context, kernels::backend& on,
                             const device_bucket_tuning& tuning = {});

}  // namespace cosetta::search

// The options of engines, as their callers in Python give them.
#pragma once

#include <search/growth.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace cosetta::python {

/// Null unless it is "cuda". Throws backend_error where no device can be used.
std::shared_ptr<kernels::backend> device_from(const std::string& name);

struct engine_options {
  std::optional<std::uint64_t> max_depth;
  std::string engine, backend, kernel;
  bool symmetry = true;

  /// Throws parse_error, backend_error.
  search::growth_options options() const;
  std::unique_ptr<search::growth_engine> made_engine() const;
};

}  // namespace cosetta::python

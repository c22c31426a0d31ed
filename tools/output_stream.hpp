// A file that is written in pieces and is there whole or not at all: to a temporary beside it, which takes its name at the end.
// Symbolic links are followed; a device or a pipe is written as it is.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace cosetta::tools {

/// Throws domain_error when `file` could not be written: better before long work than after it.
void check_writable(const std::string& file);

class output_stream {
 public:
  /// Opens the temporary. `bytes` is what will be written, if known. Throws domain_error as check_writable does, backend_error,
  /// and resource_error where the disk has less room.
  explicit output_stream(std::string file, std::uint64_t bytes = 0);
  output_stream(const output_stream&) = delete;
  output_stream& operator=(const output_stream&) = delete;
  /// Without commit() nothing stays.
  ~output_stream();

  /// Throws backend_error, as commit() does.
  void write(std::string_view text);
  void commit();

 private:
  std::string file_, target_, temporary_;  // no temporary: written as it is
  std::ofstream out_;
};

}  // namespace cosetta::tools

#include <kernels/error.hpp>
#include <tools/invocation.hpp>
#include <tools/output_stream.hpp>

#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

namespace cosetta::tools {

namespace {

/// Where the text of `-o file` goes: through symbolic links, and whether by way of a temporary.
std::pair<std::string, bool> target_of(const std::string& file) {
  std::error_code status;
  const auto kind = std::filesystem::status(file, status).type();
  if (kind == std::filesystem::file_type::directory) throw domain_error(fmt::format("{}: is a folder", file));
  const bool plain = kind == std::filesystem::file_type::not_found || kind == std::filesystem::file_type::regular;
  std::filesystem::path target = file;
  for (int links = 0; links < 32 && std::filesystem::is_symlink(target, status); ++links) {
    target = target.parent_path() / std::filesystem::read_symlink(target, status);
  }
  return {target.string(), plain};
}

std::filesystem::path folder_of(const std::string& target) {
  auto folder = std::filesystem::path(target).parent_path();
  return folder.empty() ? "." : folder;
}

[[noreturn]] void fail_to_write(const std::string& file) {
  throw backend_error(fmt::format("{}: cannot be written: is the disk full, or the file in use?", file));
}

}  // namespace

void check_writable(const std::string& file) {
  const auto [target, plain] = target_of(file);
  if (!plain) return;
  const auto folder = folder_of(target);
  std::error_code status;
  if (!std::filesystem::exists(folder, status)) throw domain_error(fmt::format("{}: cannot be written: there is no folder '{}'", file, folder.string()));
  if (!std::filesystem::is_directory(folder, status)) throw domain_error(fmt::format("{}: cannot be written: '{}' is no folder", file, folder.string()));
  if (access(folder.c_str(), W_OK | X_OK) != 0) throw domain_error(fmt::format("{}: cannot be written: the folder '{}' is read-only", file, folder.string()));
}

output_stream::output_stream(std::string file, std::uint64_t bytes) : file_(std::move(file)) {
  check_writable(file_);
  const auto [target, plain] = target_of(file_);
  target_ = target;
  if (plain) {
    temporary_ = fmt::format("{}.{}.part", target_, getpid());
    std::error_code status;
    const auto room = std::filesystem::space(folder_of(target_), status);
    if (!status && room.available < bytes) {
      throw resource_error(fmt::format("{}: would take {}, the disk has room for {}", file_, format_bytes(static_cast<double>(bytes)), format_bytes(static_cast<double>(room.available))));
    }
  }
  out_.open(plain ? temporary_ : target_, std::ios::binary);
  if (!out_) fail_to_write(file_);
}

output_stream::~output_stream() {
  if (temporary_.empty()) return;
  out_.close();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void output_stream::write(std::string_view text) {
  if (!out_.write(text.data(), static_cast<std::streamsize>(text.size()))) fail_to_write(file_);
}

void output_stream::commit() {
  out_.close();
  if (!out_) fail_to_write(file_);
  if (temporary_.empty()) return;
  std::error_code status;
  std::filesystem::rename(temporary_, target_, status);
  if (status) fail_to_write(file_);
  temporary_.clear();
}

}  // namespace cosetta::tools

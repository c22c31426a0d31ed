#include <graphs/npy.hpp>

#include <fmt/format.h>

namespace cosetta::graphs {

namespace {

template <class Number>
void append_numbers(std::string& out, npy_type type, std::span<const Number> numbers) {
  const auto bytes = npy_bytes(type);
  out.reserve(out.size() + bytes * numbers.size());
  for (const std::uint64_t n : numbers) {
    for (std::size_t b = 0; b < bytes; ++b) out += static_cast<char>(n >> 8 * b & 0xff);
  }
}

}  // namespace

npy_type npy_type_for(std::uint64_t largest) noexcept {
  return largest <= 0xff ? npy_type::uint8 : largest <= 0xffff ? npy_type::uint16 : largest <= 0xffffffff ? npy_type::uint32 : npy_type::int64;
}

std::size_t npy_bytes(npy_type type) noexcept {
  return type == npy_type::uint8 ? 1 : type == npy_type::uint16 ? 2 : type == npy_type::uint32 ? 4 : 8;
}

std::string_view to_string(npy_type type) noexcept {
  return type == npy_type::uint8 ? "uint8" : type == npy_type::uint16 ? "uint16" : type == npy_type::uint32 ? "uint32" : "int64";
}

std::string npy_header(npy_type type, std::span<const std::uint64_t> shape) {
  const char* const descr = type == npy_type::uint8 ? "|u1" : type == npy_type::uint16 ? "<u2" : type == npy_type::uint32 ? "<u4" : "<i8";
  std::string lengths;
  for (const auto n : shape) lengths += fmt::format("{}{}", lengths.empty() ? "" : ", ", n);
  if (shape.size() == 1) lengths += ",";  // a Python tuple of one
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", descr, lengths);
  constexpr std::size_t before = 10, alignment = 64;
  text.append((alignment - (before + text.size() + 1) % alignment) % alignment, ' ');
  text += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(text.size() & 0xff);
  out += static_cast<char>(text.size() >> 8);
  return out + text;
}

void append_npy(std::string& out, npy_type type, std::span<const std::uint64_t> numbers) {
  append_numbers(out, type, numbers);
}
void append_npy(std::string& out, npy_type type, std::span<const std::uint32_t> numbers) {
  append_numbers(out, type, numbers);
}

}  // namespace cosetta::graphs

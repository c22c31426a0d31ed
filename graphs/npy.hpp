// NumPy's array files, format 1.0: magic, version, length and text of a header in Python, padded so that the numbers begin at
// a multiple of 64 bytes; then the numbers, little-endian, in C order. numpy.lib.format says the same at greater length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cosetta::graphs {

enum class npy_type { uint8, uint16, uint32, int64 };

/// The narrowest type for numbers from 0 to `largest`. Beyond 32 bits it is int64, for `largest` below 2^63.
npy_type npy_type_for(std::uint64_t largest) noexcept;
std::size_t npy_bytes(npy_type type) noexcept;
/// "uint8"
std::string_view to_string(npy_type type) noexcept;

/// What stands before the numbers of an array of this shape.
std::string npy_header(npy_type type, std::span<const std::uint64_t> shape);

/// Appends the low bytes of each number. Precondition: they fit the type (int64: two's complement).
void append_npy(std::string& out, npy_type type, std::span<const std::uint64_t> numbers);
void append_npy(std::string& out, npy_type type, std::span<const std::uint32_t> numbers);

}  // namespace cosetta::graphs

// The variants in which the CPU kernels are compiled. All of them are in every binary; one is picked at run time,
// can be forced, and each is tested against the scalar one.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace cosetta::kernels {

enum class instruction_set { scalar, avx2, avx512 };

/// All variants, the simplest first.
std::span<const instruction_set> all_instruction_sets() noexcept;

/// True when this processor and operating system can run the variant.
bool is_supported(instruction_set set) noexcept;

/// The fastest supported variant.
instruction_set best_instruction_set() noexcept;

std::string_view to_string(instruction_set set) noexcept;
std::optional<instruction_set> instruction_set_from(std::string_view name) noexcept;

}  // namespace cosetta::kernels

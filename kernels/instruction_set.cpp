#include <kernels/instruction_set.hpp>

#include <array>

namespace cosetta::kernels {

namespace {
constexpr std::array sets{instruction_set::scalar, instruction_set::avx2, instruction_set::avx512};
}

std::span<const instruction_set> all_instruction_sets() noexcept {
  return sets;
}

bool is_supported(instruction_set set) noexcept {
  switch (set) {
    case instruction_set::scalar:
      return true;
    case instruction_set::avx2:
#if defined(__x86_64__)
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
#else
      return false;
#endif
    case instruction_set::avx512:
#if defined(__x86_64__)
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
             __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bitalg") &&
             __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("avx512vnni") &&
             __builtin_cpu_supports("gfni") && __builtin_cpu_supports("fma") &&
             __builtin_cpu_supports("bmi2");
#else
      return false;
#endif
  }
  return false;
}

instruction_set best_instruction_set() noexcept {
  if (is_supported(instruction_set::avx512)) return instruction_set::avx512;
  return is_supported(instruction_set::avx2) ? instruction_set::avx2 : instruction_set::scalar;
}

std::string_view to_string(instruction_set set) noexcept {
  switch (set) {
    case instruction_set::scalar:
      return "scalar";
    case instruction_set::avx2:
      return "avx2";
    case instruction_set::avx512:
      return "avx512";
  }
  return "?";
}

std::optional<instruction_set> instruction_set_from(std::string_view name) noexcept {
  for (const auto set : sets) {
    if (to_string(set) == name) return set;
  }
  return std::nullopt;
}

}  // namespace cosetta::kernels

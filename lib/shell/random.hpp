#pragma once
// Random: retry jitter from the system, and its seeded twin for simulations.

#include <cstdint>
#include <string>

#include "shell/runtime.hpp"

namespace tocsin::shell {

/// Seeded once from the kernel. Not for secrets.
class RandomSystem final : public Random {
public:
    RandomSystem();
    double uniform() override;

private:
    std::uint64_t state_;
};

/// The same seed gives the same numbers on every machine.
class RandomSeeded final : public Random {
public:
    explicit RandomSeeded(std::uint64_t seed) : state_(seed) {}
    double uniform() override;
    /// Uniform in [0, bound); 0 for a bound of 0.
    std::uint64_t below(std::uint64_t bound);

private:
    std::uint64_t state_;
};

/// Bytes from the kernel, good for keys; at most 256, which it gives at once.
[[nodiscard]] std::string random_bytes(std::size_t count);

/// 128 bits from the kernel as 32 hex digits: the install-id of a new database.
[[nodiscard]] std::string random_install_id();

}  // namespace tocsin::shell

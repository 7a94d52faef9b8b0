// Random: SplitMix64, seeded from the kernel or from a simulation's seed.
#include "shell/random.hpp"

#include <sys/random.h>

#include <array>

#include "base/check.hpp"
#include "base/text.hpp"

namespace tocsin::shell {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): one multiplication chain a number, any seed is good.
std::uint64_t next(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31U);
}

double to_unit(std::uint64_t number) {
    return static_cast<double>(number >> 11U) * 0x1.0p-53;
}

}  // namespace

RandomSystem::RandomSystem() : state_(0) {
    check(getrandom(&state_, sizeof state_, 0) == static_cast<ssize_t>(sizeof state_));
}

double RandomSystem::uniform() {
    return to_unit(next(state_));
}

double RandomSeeded::uniform() {
    return to_unit(next(state_));
}

std::uint64_t RandomSeeded::below(std::uint64_t bound) {
    return bound == 0 ? 0 : next(state_) % bound;
}

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    check(count <= 256 && getrandom(bytes.data(), count, 0) == static_cast<ssize_t>(count));
    return bytes;
}

std::string random_install_id() {
    std::array<std::uint64_t, 2> bits{};
    check(getrandom(bits.data(), sizeof bits, 0) == static_cast<ssize_t>(sizeof bits));
    return to_hex(bits[0]) + to_hex(bits[1]);
}

}  // namespace tocsin::shell

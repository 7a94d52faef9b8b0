#pragma once
// Bodies: alerts of about 400 bytes, each with labels of its own, as either door takes them.

#include <cstddef>
#include <string>
#include <string_view>

#include "peer.hpp"

namespace tocsin::bench {

/// `count` alerts numbered from `first`, called `alertname`, all firing.
std::string body_of(Door door, std::string_view alertname, std::size_t first, std::size_t count);

/// An alertname that occurs in no other: "Latency000017".
std::string latency_name(std::size_t number);

}  // namespace tocsin::bench

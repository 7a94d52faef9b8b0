#pragma once
// Measure: the four questions, each asked of one freshly started peer.

#include <cstddef>
#include <optional>
#include <vector>

#include "peer.hpp"

namespace tocsin::bench {

/// From before the alert is written to after its page was answered, one at a time, microseconds.
std::optional<std::vector<double>> page_latencies(Peer::Kind kind, const Programs& programs,
                                                  std::size_t samples);

struct Throughput {
    double cpu_us_per_alert = 0;
    double alerts_per_second = 0;
};

/// Over 8 connections with keep-alive, each posting its next body when the last is answered.
std::optional<Throughput> throughput(Peer::Kind kind, const Programs& programs, Door door,
                                     std::size_t batch, std::size_t alerts);

struct Footprint {
    Memory idle;
    Memory loaded;
};

std::optional<Footprint> footprint(Peer::Kind kind, const Programs& programs, std::size_t alerts);

struct Storm {
    double done_s = 0;  // tocsin: all answered 2xx; Alertmanager: all its webhooks accepted
    std::size_t connections = 0;
    std::size_t incidents = 0;  // tocsin only
    std::size_t pages = 0;
    Memory memory;  // at its peak, as far as the kernel or our looking saw it
};

/// `alerts` bodies of one alert each, on as many connections at once, to tocsin.
std::optional<Storm> storm_on_tocsin(const Programs& programs, std::size_t alerts);
/// As many groups in an Alertmanager, told to it in batches, until all have been notified.
std::optional<Storm> storm_through_alertmanager(const Programs& programs, std::size_t alerts);

}  // namespace tocsin::bench

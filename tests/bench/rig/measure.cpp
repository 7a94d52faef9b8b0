// Starts a peer, asks it one question, and ends it.
#include "measure.hpp"

#include <algorithm>
#include <cstdio>
#include <unordered_map>

#include "bodies.hpp"
#include "clients.hpp"

namespace tocsin::bench {
namespace {

constexpr std::size_t connections = 8;
constexpr std::size_t warm_up_samples = 5;
constexpr double pause_us = 20e3;  // between samples: idle is what is asked
constexpr double page_within_us = 20e6;
constexpr double settle_us = 1e6;
constexpr double post_within_us = 120e6;
constexpr std::size_t load_batch = 100;

/// The door through which alerts come to each of them.
Door door_of(Peer::Kind kind) {
    return kind == Peer::Kind::tocsin ? Door::webhook : Door::alerts;
}

bool load(Loop& loop, Peer& peer, Door door, std::size_t batch, std::size_t alerts) {
    return post_all(loop,
                    {.port = peer.port(),
                     .path = path_of(door),
                     .bodies = alerts / batch,
                     .connections = connections,
                     .body = [&](std::size_t i) { return body_of(door, "Load", i * batch, batch); },
                     .meanwhile = {}},
                    post_within_us);
}

std::size_t count_of(std::string_view text, std::string_view word) {
    std::size_t count = 0;
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + word.size())) {
        ++count;
    }
    return count;
}

void keep_peak(Memory& peak, const Memory& now) {
    peak.anonymous_mib = std::max(peak.anonymous_mib, now.anonymous_mib);
    peak.resident_mib = std::max(peak.resident_mib, now.resident_mib);
    peak.peak_mib = std::max(peak.peak_mib, now.peak_mib);
}

}  // namespace

std::optional<std::vector<double>> page_latencies(Peer::Kind kind, const Programs& programs,
                                                  std::size_t samples) {
    Loop loop;
    std::string expected;
    double paged_at = 0;
    const auto receiver = receive_pages(loop, [&](std::string_view body) {
        const bool ours = body.find(expected) != std::string_view::npos;
        if (ours && paged_at == 0) paged_at = now_us();
    });
    auto peer = Peer::start(kind, programs, Grouping::each_at_once, receiver);
    if (!peer) return std::nullopt;
    int status = 0;
    Connection* client = loop.connect(
        peer->port(),
        [&](Connection& /*from*/, const Message& answer) { status = status_of(answer); });
    if (client == nullptr) return std::nullopt;
    loop.run_for(settle_us);
    const Door door = door_of(kind);
    std::vector<double> latencies;
    for (std::size_t i = 0; i < samples + warm_up_samples; ++i) {
        expected = latency_name(i);
        const std::string request = post(path_of(door), body_of(door, expected, i, 1));
        paged_at = 0;
        status = 0;
        const double began = now_us();
        client->send(request);
        const bool done =
            loop.run_until([&] { return paged_at != 0 && status != 0; }, page_within_us);
        if (!done || status / 100 != 2) {
            std::fprintf(stderr, "%s: no page for alert %zu (answer %d)\n", name_of(kind).data(), i,
                         status);
            return std::nullopt;
        }
        if (i >= warm_up_samples) latencies.push_back(paged_at - began);
        loop.run_for(pause_us);
    }
    return latencies;
}

std::optional<Throughput> throughput(Peer::Kind kind, const Programs& programs, Door door,
                                     std::size_t batch, std::size_t alerts) {
    Loop loop;
    const auto receiver = receive_pages(loop, [](std::string_view /*body*/) {});
    auto peer = Peer::start(kind, programs, Grouping::one_never_sent, receiver);
    if (!peer) return std::nullopt;
    loop.run_for(settle_us);
    const double cpu_before = peer->process().cpu_us();
    const double began = now_us();
    if (!load(loop, *peer, door, batch, alerts)) return std::nullopt;
    const double took = now_us() - began;
    loop.run_for(settle_us);  // what it put off until after the answers is its cost, too
    const double count = static_cast<double>(alerts / batch * batch);
    return Throughput{.cpu_us_per_alert = (peer->process().cpu_us() - cpu_before) / count,
                      .alerts_per_second = count / took * 1e6};
}

std::optional<Footprint> footprint(Peer::Kind kind, const Programs& programs, std::size_t alerts) {
    Loop loop;
    const auto receiver = receive_pages(loop, [](std::string_view /*body*/) {});
    auto peer = Peer::start(kind, programs, Grouping::one_never_sent, receiver);
    if (!peer) return std::nullopt;
    loop.run_for(2 * settle_us);
    Footprint result;
    result.idle = peer->process().memory();
    if (!load(loop, *peer, door_of(kind), load_batch, alerts)) return std::nullopt;
    loop.run_for(3 * settle_us);
    result.loaded = peer->process().memory();
    return result;
}

std::optional<Storm> storm_on_tocsin(const Programs& programs, std::size_t alerts) {
    Loop loop;
    Storm storm;
    const auto receiver = receive_pages(loop, [&](std::string_view /*body*/) { ++storm.pages; });
    auto peer = Peer::start(Peer::Kind::tocsin, programs, Grouping::each_at_once, receiver);
    if (!peer) return std::nullopt;
    loop.run_for(settle_us);
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i < alerts; ++i) {
        bodies.push_back(body_of(Door::webhook, "Storm", i, 1));
    }
    const auto look = [&] { keep_peak(storm.memory, peer->process().memory()); };
    const double began = now_us();
    const Posting posting{.port = peer->port(),
                          .path = path_of(Door::webhook),
                          .bodies = alerts,
                          .connections = alerts,
                          .body = [&](std::size_t i) { return bodies[i]; },
                          .meanwhile = look};
    if (!post_all(loop, posting, post_within_us)) return std::nullopt;
    storm.done_s = (now_us() - began) / 1e6;
    storm.connections = alerts;
    look();
    loop.run_for(settle_us);
    const std::string incidents = fetch(loop, peer->port(), "/api/v1/incidents?limit=1000");
    storm.incidents = count_of(incidents, R"("id":"INC-)");
    return storm;
}

std::optional<Storm> storm_through_alertmanager(const Programs& programs, std::size_t alerts) {
    Loop loop;
    Storm storm;
    std::size_t mentioned = 0;
    const auto receiver = receive_pages(loop, [&](std::string_view body) {
        ++storm.pages;
        mentioned += count_of(body, R"("fingerprint":)");
    });
    auto peer = Peer::start(Peer::Kind::alertmanager, programs, Grouping::each_at_once, receiver);
    if (!peer) return std::nullopt;
    loop.run_for(settle_us);
    const double began = now_us();
    const std::size_t accepted_before = loop.accepted();
    const auto look = [&] { keep_peak(storm.memory, peer->process().memory()); };
    const Posting posting{.port = peer->port(),
                          .path = path_of(Door::alerts),
                          .bodies = alerts / load_batch,
                          .connections = connections,
                          .body =
                              [](std::size_t i) {
                                  return body_of(Door::alerts, "Storm", i * load_batch, load_batch);
                              },
                          .meanwhile = look};
    if (!post_all(loop, posting, post_within_us)) return std::nullopt;
    double looked = 0;
    const bool all = loop.run_until(
        [&] {
            if (now_us() - looked > 20e3) look(), looked = now_us();
            return mentioned >= alerts;
        },
        post_within_us);
    if (!all) std::fprintf(stderr, "Alertmanager: %zu of %zu notified\n", mentioned, alerts);
    storm.done_s = (now_us() - began) / 1e6;
    storm.connections = loop.accepted() - accepted_before;
    return storm;
}

}  // namespace tocsin::bench

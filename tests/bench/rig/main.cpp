// Asks tocsin and Alertmanager the same four questions in turn, and prints the answers as a table.

#include <sys/resource.h>
#include <unistd.h>

#include <fcntl.h>
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "measure.hpp"
#include "report.hpp"

using namespace tocsin::bench;

namespace {

struct Options {
    Programs programs;
    std::size_t rounds = 3;
    std::size_t samples = 200;  // of latency, in each round
    double scale = 1;           // of how many alerts
    std::string only;           // one word: latency, throughput, memory, storm
    std::size_t batch = 0;      // of throughput; 0: each of them
    std::string memory_folder;  // on a tmpfs; may be empty
};

struct Rig {
    Options options;
    bool failed = false;

    [[nodiscard]] bool has_alertmanager() const { return !options.programs.alertmanager.empty(); }
    [[nodiscard]] bool wanted(std::string_view what) const {
        return options.only.empty() || options.only == what;
    }
    [[nodiscard]] std::size_t scaled(std::size_t count) const {
        return static_cast<std::size_t>(static_cast<double>(count) * options.scale) / 1'000 * 1'000;
    }
    /// Keeps a measured value, or remembers that one is missing.
    template <typename T>
    std::optional<T> kept(std::optional<T> value) {
        if (!value) failed = true;
        return value;
    }
};

struct Rounds {
    std::vector<double> tocsin, alertmanager;
};

std::optional<double> median(const std::vector<double>& values) {
    if (values.empty()) return std::nullopt;
    return quantile(values, 0.5);
}

std::optional<double> best(const std::vector<double>& values) {
    if (values.empty()) return std::nullopt;
    return *std::min_element(values.begin(), values.end());
}

void print_rounds(const Rounds& rounds, int decimals) {
    std::printf("    each round: tocsin %s | Alertmanager %s\n",
                spread(rounds.tocsin, decimals).c_str(),
                spread(rounds.alertmanager, decimals).c_str());
}

/// What one write and fsync costs on this disk, so that the latencies can be judged.
void print_disk(const std::string& folder) {
    const std::string path = folder + "/probe";
    const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return;
    const std::string page(4096, 'x');
    std::vector<double> times;
    for (int i = 0; i < 100; ++i) {
        const double began = now_us();
        if (::write(file, page.data(), page.size()) < 0 || ::fsync(file) != 0) break;
        times.push_back(now_us() - began);
    }
    ::close(file);
    ::unlink(path.c_str());
    if (times.empty()) return;
    std::printf("disk: 4 KiB written and fsynced in %.2f ms (p50), %.2f ms (p99)\n",
                quantile(times, 0.5) / 1e3, quantile(times, 0.99) / 1e3);
}

/// Alertmanager waits for no disk. What is left of tocsin's time where an fsync is free?
void without_disk(Rig& rig, std::optional<double> alertmanager) {
    Programs programs = rig.options.programs;
    programs.folder = rig.options.memory_folder;
    const auto found = rig.kept(page_latencies(Peer::Kind::tocsin, programs, rig.options.samples));
    if (!found) return;
    print_row({"p50, data directory in memory (no disk)",
               "ms",
               quantile(*found, 0.5) / 1e3,
               alertmanager,
               2,
               {},
               {}});
}

void latency(Rig& rig) {
    std::vector<double> tocsin, alertmanager;
    Rounds p50, p99;
    const auto ask = [&](Peer::Kind kind, std::vector<double>& all, std::vector<double>& middle,
                         std::vector<double>& tail) {
        const auto found =
            rig.kept(page_latencies(kind, rig.options.programs, rig.options.samples));
        if (!found) return;
        all.insert(all.end(), found->begin(), found->end());
        middle.push_back(quantile(*found, 0.5) / 1e3);
        tail.push_back(quantile(*found, 0.99) / 1e3);
    };
    for (std::size_t round = 0; round < rig.options.rounds; ++round) {
        ask(Peer::Kind::tocsin, tocsin, p50.tocsin, p99.tocsin);
        if (rig.has_alertmanager()) {
            ask(Peer::Kind::alertmanager, alertmanager, p50.alertmanager, p99.alertmanager);
        }
    }
    const auto over = [](const std::vector<double>& all, double share) -> std::optional<double> {
        if (all.empty()) return std::nullopt;
        return quantile(all, share) / 1e3;
    };
    print_heading("1. Alert -> page accepted by a receiver (fsync included), idle, " +
                  std::to_string(tocsin.size()) + " samples each");
    print_row({"p50", "ms", over(tocsin, 0.5), over(alertmanager, 0.5), 2, {}, 0.25});
    print_rounds(p50, 2);
    print_row({"p99", "ms", over(tocsin, 0.99), over(alertmanager, 0.99), 2, {}, 0.1});
    print_rounds(p99, 2);
    print_row({"longest", "ms", over(tocsin, 1), over(alertmanager, 1), 2, {}, {}});
    if (!rig.options.memory_folder.empty()) without_disk(rig, over(alertmanager, 0.5));
}

void throughput_at(Rig& rig, Door door, std::size_t batch, std::size_t alerts) {
    Rounds cpu, rate;
    for (std::size_t round = 0; round < rig.options.rounds; ++round) {
        const auto ours =
            rig.kept(throughput(Peer::Kind::tocsin, rig.options.programs, door, batch, alerts));
        if (ours) {
            cpu.tocsin.push_back(ours->cpu_us_per_alert);
            rate.tocsin.push_back(ours->alerts_per_second);
        }
        if (!rig.has_alertmanager()) continue;
        const auto theirs = rig.kept(throughput(Peer::Kind::alertmanager, rig.options.programs,
                                                Door::alerts, batch, alerts));
        if (!theirs) continue;
        cpu.alertmanager.push_back(theirs->cpu_us_per_alert);
        rate.alertmanager.push_back(theirs->alerts_per_second);
    }
    const std::string what = std::string(path_of(door)) + ", batches of " + std::to_string(batch);
    const std::optional<double> target = batch == 100 ? std::optional(10.0) : std::nullopt;
    print_row({what + ", best", "us CPU", best(cpu.tocsin), best(cpu.alertmanager), 1, target, {}});
    print_row({"  median", "us CPU", median(cpu.tocsin), median(cpu.alertmanager), 1, target, {}});
    print_rounds(cpu, 1);
    const auto per_cpu_second = [](std::optional<double> us) {
        return us ? std::optional(1e6 / *us) : std::nullopt;
    };
    print_row({"  durable alerts per CPU second",
               "1/s",
               per_cpu_second(median(cpu.tocsin)),
               per_cpu_second(median(cpu.alertmanager)),
               0,
               {},
               {}});
    print_row({"  alerts per second, 8 connections",
               "1/s",
               median(rate.tocsin),
               median(rate.alertmanager),
               0,
               {},
               {}});
}

struct Load {
    std::size_t batch;
    std::size_t alerts;
};
constexpr std::array<Load, 3> loads = {{{1, 20'000}, {10, 50'000}, {100, 100'000}}};

void intake(Rig& rig) {
    print_heading(
        "2. CPU per alert, each its own (tocsin: judged, durable; Alertmanager: in RAM,"
        " no notification, always /api/v2/alerts)");
    for (const Door door : {Door::webhook, Door::alerts}) {
        for (const Load& load : loads) {
            const bool asked = rig.options.batch == 0 || rig.options.batch == load.batch;
            if (asked) throughput_at(rig, door, load.batch, rig.scaled(load.alerts));
        }
    }
}

void memory(Rig& rig) {
    const std::size_t alerts = rig.scaled(100'000);
    Rounds idle, loaded, idle_whole, loaded_whole;
    const auto ask = [&](Peer::Kind kind) {
        const auto found = rig.kept(footprint(kind, rig.options.programs, alerts));
        if (!found) return;
        const auto keep = [&](Rounds& rounds, double value) {
            (kind == Peer::Kind::tocsin ? rounds.tocsin : rounds.alertmanager).push_back(value);
        };
        keep(idle, found->idle.anonymous_mib);
        keep(loaded, found->loaded.anonymous_mib);
        keep(idle_whole, found->idle.resident_mib);
        keep(loaded_whole, found->loaded.resident_mib);
    };
    for (std::size_t round = 0; round < rig.options.rounds; ++round) {
        ask(Peer::Kind::tocsin);
        if (rig.has_alertmanager()) ask(Peer::Kind::alertmanager);
    }
    print_heading("3. Memory, idle and with " + std::to_string(alerts) + " active alerts, median");
    const auto row = [](const char* what, const Rounds& rounds, std::optional<double> target) {
        print_row({what, "MiB", median(rounds.tocsin), median(rounds.alertmanager), 1, target, {}});
    };
    row("idle: anonymous (RssAnon)", idle, 10);
    row("idle: resident (VmRSS)", idle_whole, {});
    row("loaded: anonymous (RssAnon)", loaded, 80);
    print_rounds(loaded, 1);
    row("loaded: resident (VmRSS)", loaded_whole, {});
}

void storm(Rig& rig) {
    const std::size_t alerts = rig.scaled(10'000);
    std::vector<Storm> ours, theirs;
    for (std::size_t round = 0; round < rig.options.rounds; ++round) {
        if (const auto found = rig.kept(storm_on_tocsin(rig.options.programs, alerts))) {
            ours.push_back(*found);
        }
        if (!rig.has_alertmanager()) continue;
        if (const auto found = rig.kept(storm_through_alertmanager(rig.options.programs, alerts))) {
            theirs.push_back(*found);
        }
    }
    const auto each = [](const std::vector<Storm>& storms, auto value) {
        std::vector<double> values;
        for (const Storm& it : storms) values.push_back(static_cast<double>(value(it)));
        return values;
    };
    const auto row = [&](const char* what, const char* unit, int decimals,
                         std::optional<double> target, auto value) {
        print_row({what,
                   unit,
                   median(each(ours, value)),
                   median(each(theirs, value)),
                   decimals,
                   target,
                   {}});
    };
    print_heading("4. Storm of " + std::to_string(alerts) + " alerts in as many groups, median" +
                  " (tocsin: posted on as many connections; Alertmanager: notified by webhook)");
    row("all durable | all notified", "s", 2, 3, [](const Storm& it) { return it.done_s; });
    print_rounds({each(ours, [](const Storm& it) { return it.done_s; }),
                  each(theirs, [](const Storm& it) { return it.done_s; })},
                 2);
    row("connections", "", 0, {}, [](const Storm& it) { return it.connections; });
    row("pages sent", "", 0, {}, [](const Storm& it) { return it.pages; });
    row("peak of resident memory", "MiB", 0, {},
        [](const Storm& it) { return it.memory.peak_mib; });
    row("peak of anonymous memory, as seen", "MiB", 0, {},
        [](const Storm& it) { return it.memory.anonymous_mib; });
    print_row({"incidents declared",
               "",
               median(each(ours, [](const Storm& it) { return it.incidents; })),
               {},
               0,
               1,
               {}});
}

bool read(int count, char** words, Options& options) {
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        const std::string value = words[i + 1];
        if (name == "--tocsin")
            options.programs.tocsin = value;
        else if (name == "--alertmanager")
            options.programs.alertmanager = value;
        else if (name == "--rules")
            options.programs.rules = value;
        else if (name == "--folder")
            options.programs.folder = value;
        else if (name == "--rounds")
            options.rounds = std::stoul(value);
        else if (name == "--samples")
            options.samples = std::stoul(value);
        else if (name == "--scale")
            options.scale = std::stod(value);
        else if (name == "--batch")
            options.batch = std::stoul(value);
        else if (name == "--memory-folder")
            options.memory_folder = value;
        else if (name == "--only")
            options.only = value;
        else
            return false;
    }
    const Programs& programs = options.programs;
    return count % 2 == 1 && !programs.tocsin.empty() && !programs.rules.empty() &&
           !programs.folder.empty();
}

/// The storm needs a descriptor for each connection, here and in the peer, which inherits this.
void raise_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < 12'000) {
        std::printf("only %lu descriptors: the storm cannot be whole\n",
                    static_cast<unsigned long>(limit.rlim_cur));
    }
}

}  // namespace

int main(int count, char** words) {
    Rig rig;
    if (!read(count, words, rig.options)) {
        std::fprintf(stderr, "tests/bench/run starts this; see its --help\n");
        return 2;
    }
    raise_descriptors();
    if (!rig.has_alertmanager()) std::printf("Alertmanager is missing: tocsin stands alone.\n");
    std::printf("%ld processors, %zu rounds, peers in turn\n", ::sysconf(_SC_NPROCESSORS_ONLN),
                rig.options.rounds);
    print_disk(rig.options.programs.folder);
    if (rig.wanted("latency")) latency(rig);
    if (rig.wanted("throughput")) intake(rig);
    if (rig.wanted("memory")) memory(rig);
    if (rig.wanted("storm")) storm(rig);
    if (rig.failed) std::printf("\nSomething could not be measured (see above).\n");
    return rig.failed ? 1 : 0;
}

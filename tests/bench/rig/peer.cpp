// Writes each peer's settings, starts it on a free port, and removes its folder in the end.
#include "peer.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace tocsin::bench {
namespace {

constexpr double start_within_us = 30e6;

std::string tocsin_settings(const std::string& folder, const Programs& programs,
                            const std::string& receiver) {
    return "instance: bench\nlisten: 127.0.0.1:0\ndata_dir: " + folder + "/data\nrules: [" +
           programs.rules + "]\nintegrations:\n  - {name: receiver, kind: webhook, url: \"" +
           receiver + "\"}\nuse: {page: [receiver]}\n";
}

std::string alertmanager_settings(Grouping grouping, const std::string& receiver) {
    const bool each = grouping == Grouping::each_at_once;
    const std::string groups = each ? "group_by: ['...'], group_wait: 0s, group_interval: 1s"
                                    : "group_by: [alertname], group_wait: 1h, group_interval: 1h";
    return "route: {receiver: bench, " + groups + "}\nreceivers:\n  - name: bench\n" +
           "    webhook_configs: [{url: \"" + receiver + "\"}]\n";
}

std::uint16_t port_in(const std::string& text, const std::string& before) {
    const std::size_t at = text.rfind(before);
    if (at == std::string::npos) return 0;
    return static_cast<std::uint16_t>(std::atoi(text.c_str() + at + before.size()));
}

}  // namespace

std::unique_ptr<Peer> Peer::start(Kind kind, const Programs& programs, Grouping grouping,
                                  std::uint16_t receiver) {
    std::unique_ptr<Peer> peer(new Peer);
    peer->folder_ = programs.folder + "/XXXXXX";
    if (::mkdtemp(peer->folder_.data()) == nullptr) {
        std::perror(peer->folder_.c_str());
        return nullptr;
    }
    const std::string& folder = peer->folder_;
    const std::string url = "http://127.0.0.1:" + std::to_string(receiver) + "/page";
    std::vector<std::string> command;
    if (kind == Kind::tocsin) {
        std::filesystem::create_directory(folder + "/data");
        write_text(folder + "/tocsin.yaml", tocsin_settings(folder, programs, url));
        command = {programs.tocsin, "serve", "--config", folder + "/tocsin.yaml"};
    } else {
        write_text(folder + "/alertmanager.yml", alertmanager_settings(grouping, url));
        command = {programs.alertmanager, "--config.file=" + folder + "/alertmanager.yml",
                   "--storage.path=" + folder + "/data", "--web.listen-address=127.0.0.1:0",
                   "--cluster.listen-address="};
    }
    peer->process_ = std::make_unique<Child>(command, folder + "/log");
    if (peer->wait_for_port(kind)) return peer;
    std::fprintf(stderr, "%s did not start:\n%s\n", command[0].c_str(),
                 text_of(folder + "/log").c_str());
    return nullptr;
}

bool Peer::wait_for_port(Kind kind) {
    const double end = now_us() + start_within_us;
    while (now_us() < end && process_->is_running()) {
        port_ = kind == Kind::tocsin ? port_in("=" + text_of(folder_ + "/data/port"), "=")
                                     : port_in(text_of(folder_ + "/log"), "address=127.0.0.1:");
        if (port_ != 0) return true;
        ::usleep(20'000);
    }
    return false;
}

Peer::~Peer() {
    process_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::string_view name_of(Peer::Kind kind) {
    return kind == Peer::Kind::tocsin ? "tocsin" : "Alertmanager";
}

std::string_view path_of(Door door) {
    return door == Door::webhook ? "/api/v1/alertmanager" : "/api/v2/alerts";
}

}  // namespace tocsin::bench

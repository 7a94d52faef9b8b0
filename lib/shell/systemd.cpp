// Talks to systemd through libsystemd.
#include "shell/systemd.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <systemd/sd-daemon.h>

#include <array>
#include <cstdint>

#include "base/text.hpp"

namespace tocsin::shell {

Systemd::Systemd() {
    present_ = sd_notify(0, "STATUS=starting") > 0;
    std::uint64_t interval_us = 0;
    if (sd_watchdog_enabled(0, &interval_us) > 0) {
        watchdog_ = Duration(static_cast<Duration::rep>(interval_us));
    }
}

void Systemd::send(const std::string& state) const {
    if (present_) sd_notify(0, state.c_str());
}

void Systemd::ready(const std::string& text) {
    send("READY=1\nSTATUS=" + one_line(text));
}

void Systemd::reloading() {
    send("RELOADING=1");
}

void Systemd::stopping() {
    send("STOPPING=1\nSTATUS=stopping");
}

void Systemd::status(const std::string& text) {
    send("STATUS=" + one_line(text));
}

void Systemd::feed_watchdog(Runtime& runtime) {
    if (!watchdog_) return;
    send("WATCHDOG=1");
    runtime.at(runtime.now() + *watchdog_ / 3, [this, &runtime] { feed_watchdog(runtime); });
}

std::vector<int> Systemd::inherited_sockets() const {
    std::vector<int> sockets;
    const int count = sd_listen_fds(0);
    for (int i = 0; i < count; ++i) sockets.push_back(SD_LISTEN_FDS_START + i);
    return sockets;
}

std::string address_of_socket(int socket) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* address = reinterpret_cast<sockaddr*>(&storage);
    if (getsockname(socket, address, &size) != 0) return "";
    if (storage.ss_family == AF_UNIX) return "unix";
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    if (getnameinfo(address, size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        return "";
    }
    const bool six = storage.ss_family == AF_INET6;
    return (six ? "[" + std::string(host.data()) + "]" : std::string(host.data())) + ":" +
           port.data();
}

}  // namespace tocsin::shell

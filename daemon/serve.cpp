// Sets the process up, opens what must be open, and runs the service.
#include "daemon/serve.hpp"

#include <cstdio>
#include <utility>

#include "daemon/service.hpp"
#include "daemon/wiring.hpp"
#include "shell/clock.hpp"
#include "shell/link_key.hpp"
#include "shell/process.hpp"
#include "shell/random.hpp"
#include "shell/store_sqlite.hpp"

namespace tocsin::daemon {
namespace {

int refuse(shell::Log& log, const std::string& why) {
    log.error("cannot start", {{"error", why}});
    return 1;
}

}  // namespace

int serve(const std::string& config_path) {
    shell::block_signals();
    shell::harden_process();
    shell::raise_descriptor_limit();
    shell::Systemd systemd;
    shell::Log log(shell::standard_error_log(systemd.present()));

    const config::LoadResult files =
        config::load(config_path, config::DiskFiles(), shell::wall_now());
    const std::string problems = rendered(files);
    std::fwrite(problems.data(), 1, problems.size(), stderr);
    if (!files.loaded)
        return refuse(log, "the configuration has errors; `tocsin check` shows them");
    const config::Config& config = files.loaded->config;

    const auto sockets = systemd.inherited_sockets();
    const std::string address =
        sockets.empty() ? config.listen : shell::address_of_socket(sockets.front());
    const bool on_loopback = is_loopback_address(address);
    if (!on_loopback && config.tokens.empty() && !config.allow_anonymous) {
        return refuse(log, address +
                               " is not loopback: configure auth.tokens, or say "
                               "allow_anonymous: true");
    }

    auto store = shell::open_sqlite({.data_dir = config.data_dir,
                                     .install_id = shell::random_install_id(),
                                     .retention = {.journal = config.retention.journal,
                                                   .verdicts = config.retention.verdicts}});
    if (!store) return refuse(log, store.error().message);
    auto state = (*store)->recover();
    if (!state) return refuse(log, state.error().message);
    // Behind the store's lock, so that two processes cannot both make one.
    auto link_key = shell::open_link_key(config.data_dir);
    if (!link_key) return refuse(log, link_key.error().message);
    if (!link_key->warning.empty()) log.warning(link_key->warning);
    auto reader = shell::open_sqlite_reader(config.data_dir);
    if (!reader) return refuse(log, reader.error().message);

    Service service({.config_path = config_path,
                     .loaded = *files.loaded,
                     .store = *std::move(store),
                     .reader = *std::move(reader),
                     .state = *std::move(state),
                     .on_loopback = on_loopback,
                     .link_key = std::move(link_key->secret)},
                    systemd, log);
    const int exit_code = service.run();
    log.info("stopped");
    return exit_code;
}

}  // namespace tocsin::daemon

// Chromium as a child with two pipes: messages are JSON, each ended by a NUL byte.

#include "support/browser.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <utility>

#include "integrations/sign.hpp"

namespace tocsin::support {

using integrations::Json;

namespace {

constexpr int patience_ms = 60'000;  // a bound for slow machines, never a measure

std::vector<std::string> arguments(const std::string& program,
                                   const std::filesystem::path& folder) {
    return {program,
            "--headless",
            "--remote-debugging-pipe",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--no-default-browser-check",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--disable-breakpad",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
            "--user-data-dir=" + (folder / "profile").string(),
            "about:blank"};
}

/// In the child: reads commands from descriptor 3, writes answers to 4.
[[noreturn]] void become(std::vector<std::string> words, int commands, int answers,
                         const std::filesystem::path& log) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);  // its own children end with it
    // Above 4 first, so that neither overwrites the other.
    const int in = ::fcntl(commands, F_DUPFD, 10);
    const int out = ::fcntl(answers, F_DUPFD, 10);
    ::dup2(in, 3);
    ::dup2(out, 4);
    ::close(in);
    ::close(out);
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
}

std::string text_of(const Json& object, const char* name) {
    return object.text_at(name).value_or("");
}

}  // namespace

std::optional<std::string> browser_program() {
    return peer_program({"chromium", "chromium-browser"});
}

Browser::Browser(const std::string& program, const std::filesystem::path& folder) {
    std::array<int, 2> commands{}, answers{};
    if (::pipe2(commands.data(), O_CLOEXEC) != 0) return;
    if (::pipe2(answers.data(), O_CLOEXEC) != 0) return;
    process_ = ::fork();
    if (process_ == 0) {
        become(arguments(program, folder), commands[0], answers[1], folder / "browser.log");
    }
    ::setpgid(process_, process_);
    ::close(commands[0]);
    ::close(answers[1]);
    to_browser_ = commands[1];
    from_browser_ = answers[0];
    const Json target = call("Target.createTarget", Json::object({{"url", "about:blank"}}));
    const Json attached =
        call("Target.attachToTarget",
             Json::object({{"targetId", text_of(target, "targetId")}, {"flatten", true}}));
    session_ = text_of(attached, "sessionId");
    for (const char* domain : {"Page.enable", "Runtime.enable", "Log.enable"}) {
        call(domain, Json::object());
    }
}

Browser::~Browser() {
    if (to_browser_ >= 0) ::close(to_browser_);
    if (from_browser_ >= 0) ::close(from_browser_);
    if (process_ <= 0) return;
    ::kill(-process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

void Browser::set_size(int width, int height, bool phone, bool dark) {
    call("Emulation.setDeviceMetricsOverride", Json::object({{"width", width},
                                                             {"height", height},
                                                             {"deviceScaleFactor", phone ? 2 : 1},
                                                             {"mobile", phone}}));
    const Json scheme =
        Json::object({{"name", "prefers-color-scheme"}, {"value", dark ? "dark" : "light"}});
    call("Emulation.setEmulatedMedia", Json::object({{"features", Json::list({scheme})}}));
}

bool Browser::open(const std::string& url) {
    loaded_ = false;
    call("Page.navigate", Json::object({{"url", url}}));
    return wait_for_load();
}

bool Browser::act(const std::string& script) {
    loaded_ = false;
    value(script);
    return wait_for_load();
}

Json Browser::value(const std::string& script) {
    const Json answer =
        call("Runtime.evaluate", Json::object({{"expression", script}, {"returnByValue", true}}));
    const Json* result = answer.find("result");
    const Json* held = result != nullptr ? result->find("value") : nullptr;
    return held != nullptr ? *held : Json();
}

bool Browser::screenshot(const std::filesystem::path& file, bool whole_page) {
    const Json answer =
        call("Page.captureScreenshot",
             Json::object({{"format", "png"}, {"captureBeyondViewport", whole_page}}));
    const auto bytes = integrations::from_base64(text_of(answer, "data"));
    if (!bytes || bytes->empty()) return false;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary | std::ios::trunc) << *bytes;
    return true;
}

std::vector<std::string> Browser::complaints() {
    value("0");  // whatever is on its way arrives before this answer
    return std::exchange(complaints_, {});
}

/// The command's result; null if there is none.
Json Browser::call(const std::string& method, Json parameters) {
    const int id = ++last_id_;
    Json message = Json::object({{"id", id}, {"method", method}});
    message.set("params", std::move(parameters));
    if (!session_.empty()) message.set("sessionId", session_);
    if (!write(message.dump())) return {};
    while (const auto answer = read_message()) {
        if (answer->number_at("id") != id) {
            note(*answer);
            continue;
        }
        const Json* result = answer->find("result");
        return result != nullptr ? *result : Json();
    }
    session_.clear();
    return {};
}

bool Browser::write(const std::string& message) {
    std::string_view left(message.c_str(), message.size() + 1);
    while (!left.empty()) {
        const ssize_t written = ::write(to_browser_, left.data(), left.size());
        if (written <= 0) return false;
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::optional<Json> Browser::read_message() {
    while (true) {
        const auto end = buffer_.find('\0');
        if (end != std::string::npos) {
            auto message = integrations::parse_json(std::string_view(buffer_).substr(0, end),
                                                    {.bytes_max = 256UL << 20, .depth_max = 64});
            buffer_.erase(0, end + 1);
            if (message) return *std::move(message);
            continue;
        }
        pollfd waiting{.fd = from_browser_, .events = POLLIN, .revents = 0};
        if (::poll(&waiting, 1, patience_ms) != 1) return std::nullopt;
        std::array<char, 64UL << 10> bytes{};
        const ssize_t count = ::read(from_browser_, bytes.data(), bytes.size());
        if (count <= 0) return std::nullopt;
        buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    }
}

void Browser::note(const Json& event) {
    const std::string method = text_of(event, "method");
    if (method == "Page.loadEventFired") loaded_ = true;
    const bool complaint = method == "Log.entryAdded" || method == "Runtime.exceptionThrown" ||
                           method == "Runtime.consoleAPICalled" ||
                           method == "Page.javascriptDialogOpening";
    if (complaint) complaints_.push_back(event.dump());
}

bool Browser::wait_for_load() {
    while (!loaded_) {
        const auto event = read_message();
        if (!event) return false;
        note(*event);
    }
    return true;
}

}  // namespace tocsin::support

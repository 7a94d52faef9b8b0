// Processes through fork and exec; CPU time and memory out of /proc.
#include "child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace tocsin::bench {
namespace {

constexpr int end_tries = 500;  // of 20 ms

[[noreturn]] void become(std::vector<std::string> command, const std::string& log) {
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (output >= 0) {
        ::dup2(output, STDOUT_FILENO);
        ::dup2(output, STDERR_FILENO);
    }
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
}

double mib_after(const std::string& text, const std::string& name) {
    const std::size_t at = text.find(name);
    return at == std::string::npos ? 0 : std::stod(text.substr(at + name.size())) / 1024;
}

}  // namespace

Child::Child(const std::vector<std::string>& command, const std::string& log) : process_(::fork()) {
    if (process_ == 0) become(command, log);
}

Child::~Child() {
    if (process_ <= 0) return;
    for (int tries = 0; is_running(); ++tries) {
        if (tries == 0) ::kill(process_, SIGTERM);
        if (tries == end_tries) ::kill(process_, SIGKILL);
        ::usleep(20'000);
    }
}

bool Child::is_running() {
    if (!ended_) ended_ = process_ < 0 || ::waitpid(process_, nullptr, WNOHANG) != 0;
    return !ended_;
}

double Child::cpu_us() const {
    const std::string stat = text_of("/proc/" + std::to_string(process_) + "/stat");
    std::istringstream fields(stat.substr(std::min(stat.rfind(')') + 1, stat.size())));
    std::string skipped;
    constexpr int before_utime = 11;  // state is the 3rd field, utime the 14th
    for (int i = 0; i < before_utime; ++i) fields >> skipped;
    double user = 0, system = 0;
    fields >> user >> system;
    return (user + system) * 1e6 / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

Memory Child::memory() const {
    const std::string text = text_of("/proc/" + std::to_string(process_) + "/status");
    return {.anonymous_mib = mib_after(text, "RssAnon:"),
            .resident_mib = mib_after(text, "VmRSS:"),
            .peak_mib = mib_after(text, "VmHWM:")};
}

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

void write_text(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
}

}  // namespace tocsin::bench

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// preparer writes metering into modules with the command cc-lb-plugin. A real host prepares a plugin
// once, when it is published, and stores the result beside the original.
type preparer struct {
	command []string
	folder  string // for the files that the command writes
	known   map[string]prepared
}

// prepared is the outcome for one module.
type prepared struct {
	wasm    []byte
	failure *failure
}

func newPreparer(command string) (*preparer, error) {
	folder, err := os.MkdirTemp("", "host-in-go-")
	if err != nil {
		return nil, err
	}
	return &preparer{strings.Fields(command), folder, map[string]prepared{}}, nil
}

func (p *preparer) close() { os.RemoveAll(p.folder) }

// prepare returns the prepared form of a module whose kernel the host provides, or why the module
// was refused.
func (p *preparer) prepare(original []byte) ([]byte, *failure, error) {
	if known, ok := p.known[string(original)]; ok {
		return known.wasm, known.failure, nil
	}
	output := filepath.Join(p.folder, "prepared.wasm")
	args := append(p.command[1:], "prepare", "-", "--output", output, "--kernel", "instance", "--json")
	command := exec.Command(p.command[0], args...)
	command.Stdin = bytes.NewReader(original)
	command.Stderr = os.Stderr
	report, err := command.Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		return nil, nil, fmt.Errorf("%s did not prepare the module: %w", strings.Join(command.Args, " "), err)
	}
	var refused struct {
		Error *struct {
			Failure map[string]any `json:"failure"`
		} `json:"error"`
	}
	if err := json.Unmarshal(report, &refused); err != nil {
		return nil, nil, fmt.Errorf("the report of prepare is not JSON: %w", err)
	}
	if refused.Error != nil {
		kind, _ := refused.Error.Failure["kind"].(string)
		delete(refused.Error.Failure, "kind")
		failure := &failure{layer: "build", kind: kind, fields: refused.Error.Failure}
		p.known[string(original)] = prepared{failure: failure}
		return nil, failure, nil
	}
	wasm, err := os.ReadFile(output)
	if err != nil {
		return nil, nil, err
	}
	p.known[string(original)] = prepared{wasm: wasm}
	return wasm, nil, nil
}

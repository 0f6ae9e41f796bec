package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// hsInitParams are the parameters of hs_init.
var hsInitParams = []api.ValueType{api.ValueTypeI32, api.ValueTypeI32}

// failure is why a plugin was refused, or why a call failed, as vectors name it. The layer
// "unsupported" is not one of vectors: this host lacks what its kind says.
type failure struct {
	layer, kind string
	fields      map[string]any
}

func (f *failure) Error() string { return f.layer + ": " + f.kind }

func failed(layer, kind string) error { return &failure{layer: layer, kind: kind} }

// plugin is a prepared plugin that can be called: KERNEL.md, "A call, step by step".
type plugin struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	section  metering
	exports  functions // the functions that the original exports (KP-1.1)
	meter    meter
	kernel   kernel
	module   api.Module // the instance; nil before the first call, and after a call of _start
}

// newPlugin makes a plugin without a module. Whoever makes it closes its runtime.
func newPlugin(ctx context.Context, budget budget, config map[string]string) *plugin {
	runtime := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCustomSections(true))
	p := &plugin{runtime: runtime, exports: functions{}, meter: meter{budget: budget}}
	p.kernel = kernel{meter: &p.meter, config: config, variables: map[string][]byte{}}
	return p
}

// build compiles and links a prepared module, and makes an instance of it as a trial (step 0).
func (p *plugin) build(ctx context.Context, prepared []byte) (err error) {
	if p.compiled, err = p.runtime.CompileModule(ctx, prepared); err != nil {
		// The program that has prepared the module has validated it.
		return failed("unsupported", "the engine refuses the module: "+err.Error())
	}
	if p.section, err = readMetering(p.compiled); err != nil {
		return err
	}
	for _, each := range p.section.Exports {
		p.exports[each.Name] = p.compiled.ExportedFunctions()[each.Name]
	}
	if err := p.link(ctx); err != nil {
		return err
	}
	if p.meter.budget.isExceededBy(p.section) {
		return failed("build", "OutOfMemory") // KC-9, KP-16
	}
	initialize, isReactor := p.exports["_initialize"]
	switch _, isCommand := p.exports["_start"]; {
	case isCommand && isReactor:
		return failed("build", "StartAndInitialize") // KC-10
	case isReactor && !hasType(initialize, nil, nil):
		return failed("build", "InitializeType") // KC-12
	case isCommand:
		return nil // KC-1
	}
	defer p.drop(ctx)
	if p.instantiate(ctx) != nil || p.initialize(ctx, time.Now(), "_initialize") != nil {
		return failed("build", "InstantiationFailed") // KC-13
	}
	clear(p.kernel.variables) // KC-4
	return nil
}

// link provides the functions of the kernel and of the meter. It compares what the original
// imports with those of the kernel (KI-1 to KI-6). A host that has functions of its own provides
// them as the module extism:host/user.
func (p *plugin) link(ctx context.Context) error {
	provided, err := p.provide(ctx, kernelNamespace, p.kernel.functions())
	if err != nil {
		return err
	}
	isMismatched := false
	for _, each := range p.compiled.ImportedFunctions() {
		namespace, name, _ := each.Import()
		if namespace == p.section.ImportModule {
			continue
		}
		function, isKnown := provided[name]
		if namespace != kernelNamespace || !isKnown {
			return failed("build", "UnknownImports")
		}
		isMismatched = isMismatched || !hasType(each, function.ParamTypes(), function.ResultTypes())
	}
	if isMismatched {
		return failed("build", "ImportTypeMismatch")
	}
	_, err = p.provide(ctx, p.section.ImportModule, p.meter.functions())
	return err
}

// functions are types of functions by name.
type functions = map[string]api.FunctionDefinition

// provide makes a module of Go functions. The types of WebAssembly follow from theirs.
func (p *plugin) provide(ctx context.Context, namespace string, provided map[string]any) (functions, error) {
	builder := p.runtime.NewHostModuleBuilder(namespace)
	for name, function := range provided {
		builder.NewFunctionBuilder().WithFunc(function).Export(name)
	}
	module, err := builder.Instantiate(ctx)
	if err != nil {
		return nil, err
	}
	return module.ExportedFunctionDefinitions(), nil
}

func hasType(function api.FunctionDefinition, params, results []api.ValueType) bool {
	return bytes.Equal(function.ParamTypes(), params) && bytes.Equal(function.ResultTypes(), results)
}

// instantiate makes an instance, in which nothing has run yet (KP-17).
func (p *plugin) instantiate(ctx context.Context) (err error) {
	// The start function is an export, and the engine would call _start by itself.
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	if p.module, err = p.runtime.InstantiateModule(ctx, p.compiled, config); err == nil {
		p.kernel.renew()
		p.meter.attach(p.module, p.section)
	}
	return err
}

// drop ends the instance. The next call makes a new one.
func (p *plugin) drop(ctx context.Context) {
	if p.module != nil {
		p.module.Close(ctx)
		p.module = nil
	}
}

// initialize runs the start function and these exports, as far as there are such. They share the
// fuel of one call (KC-16).
func (p *plugin) initialize(ctx context.Context, began time.Time, exports ...string) error {
	p.meter.begin(began)
	p.kernel.begin(nil)
	if p.section.Start != nil {
		exports = append([]string{*p.section.Start}, exports...)
	}
	for _, name := range exports {
		function := p.module.ExportedFunction(name)
		if function == nil {
			continue
		}
		if name == "hs_init" && !slices.Equal(function.Definition().ParamTypes(), hsInitParams) {
			return failed("call", "Instantiate") // KC-19
		}
		_, trap := p.enter(ctx, function)
		if exhausted := p.meter.end(); exhausted != "" {
			return failed("call", exhausted)
		}
		if trap != nil {
			return failed("call", "Instantiate")
		}
	}
	return nil
}

// initializers are the exports that run before the first call (step 2).
func (p *plugin) initializers() []string {
	constructors, hasConstructors := p.exports["__wasm_call_ctors"]
	switch _, hasInit := p.exports["hs_init"]; {
	case hasInit:
		return []string{"_initialize", "hs_init"} // KC-18
	case !hasConstructors:
		return []string{"_initialize"} // KC-22
	case hasType(constructors, nil, nil):
		return []string{"__wasm_call_ctors"} // KC-20
	}
	return nil // KC-21
}

// call calls an export. It returns the output, and the fuel that was burnt.
func (p *plugin) call(ctx context.Context, name string, input []byte) ([]byte, float64, error) {
	began := time.Now()
	if p.module == nil {
		if p.instantiate(ctx) != nil {
			return nil, 0, failed("call", "Instantiate") // KC-23
		}
		began = time.Now() // the engine's own time does not count (step 1)
		if err := p.initialize(ctx, began, p.initializers()...); err != nil {
			defer p.drop(ctx) // KC-24
			return nil, p.meter.fuel(), err
		}
	}
	p.meter.begin(began)
	if !p.kernel.begin(input) {
		return nil, 0, failed("call", "OutOfMemory") // KC-27
	}
	if name == "_start" {
		defer clear(p.kernel.variables) // KC-51
		defer p.drop(ctx)
	}
	output, err := p.run(ctx, name)
	return slices.Clone(output), p.meter.fuel(), err
}

// run looks the export up, calls it, and says how the call ended (steps 5 to 8).
func (p *plugin) run(ctx context.Context, name string) ([]byte, error) {
	export, isExported := p.exports[name]
	switch {
	case !isExported:
		return nil, failed("call", "FunctionNotFound") // KC-28
	case len(export.ParamTypes()) > 0:
		return nil, failed("call", "HasParameters") // KC-29
	case len(export.ResultTypes()) > 1:
		return nil, failed("call", "TooManyResults") // KC-30
	}
	results, trap := p.enter(ctx, p.module.ExportedFunction(name))
	message, exhausted := p.kernel.message(), p.meter.end()
	var end *callEnd
	switch {
	case exhausted != "":
		return nil, failed("call", exhausted) // KC-33 to KC-36
	case errors.As(trap, &end):
		return nil, &failure{"call", "KernelFunction", map[string]any{"function": end.function, "reason": end.reason}}
	case trap != nil && strings.HasPrefix(trap.Error(), "wasm error: stack overflow"):
		return nil, failed("call", "StackOverflow") // the engine's own stack, not that of the budget
	case trap != nil:
		return nil, failed("call", "Trap") // KC-39
	case !utf8.Valid(message):
		return nil, failed("call", "ErrorMessageUnreadable") // KC-41
	case len(message) > 0:
		return nil, &failure{"call", "PluginError", map[string]any{"message": string(message)}} // KC-40
	}
	if code := resultCode(export, results); code != 0 {
		return nil, &failure{"call", "NonZeroExit", map[string]any{"code": code}} // KC-42
	}
	return p.kernel.bytes[p.kernel.output.offset:][:p.kernel.output.length], nil // KC-43
}

// enter calls a function of the module from outside, with zeros and on a whole stack (KP-18).
func (p *plugin) enter(ctx context.Context, function api.Function) ([]uint64, error) {
	p.meter.stack.Set(api.EncodeI32(p.meter.budget.StackSlots)) // KP-4
	return function.Call(ctx, make([]uint64, len(function.Definition().ParamTypes()))...)
}

// resultCode is that of KC-31.
func resultCode(export api.FunctionDefinition, results []uint64) int32 {
	switch types := export.ResultTypes(); {
	case len(types) == 0:
		return 0
	case types[0] == api.ValueTypeI32:
		return api.DecodeI32(results[0])
	}
	return -1
}

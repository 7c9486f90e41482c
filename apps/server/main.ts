import 'reflect-metadata';
import { serve } from './serve.js';

// Not `await`: the first signal may come while the server is still starting, and must be heard.
void serve(process.env);
